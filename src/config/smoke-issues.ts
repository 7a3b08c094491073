import { posix } from 'node:path';
import { askedPathIssues, isCallable } from './asked-issues.ts';
import type { Asked } from './asked-issues.ts';
import type { Issue } from './issue.ts';
import { leadsOut } from './leads-out.ts';
import { nearest } from './nearest.ts';
import { ownValue } from '../own-value.ts';
import { isCommand } from './smoke.ts';
import type { SmokeCheck } from './smoke.ts';

interface Written {
  readonly services: Readonly<Record<string, Asked>>;
  readonly smoke?: readonly SmokeCheck[] | undefined;
}

/** The time of all checks together, in seconds: a smoke test must leave the step time for its own. */
const longest = 600;

/** Checks that cannot be made, by the key that says so. */
export function smokeIssues({ services, smoke = [] }: Written): readonly Issue[] {
  const total = smoke.reduce((sum, { timeout }) => sum + timeout, 0);
  const message = `may take ${total} s together: at most ${longest} s`;
  return [
    ...smoke.flatMap((check, at) => checkIssues(services, check, ['smoke', String(at)])),
    ...twice(smoke),
    ...(total > longest ? [{ path: ['smoke'], message, fix: 'Lower their `timeout`.' }] : []),
  ];
}

function checkIssues(
  services: Written['services'],
  check: SmokeCheck,
  path: readonly string[],
): readonly Issue[] {
  const known = serviceIssues(services, check, path);
  if (isCommand(check)) return [...known, ...commandIssues(check, path)];
  if (check.path === undefined || check.service === undefined) {
    const message = 'tests nothing: it has neither `command` nor `service` and `path`';
    return [...known, { path, message, fix: 'Give it `command: [...]`, or `service` and `path`.' }];
  }
  const inVain = check.in === undefined ? [] : [{ path: [...path, 'in'], ...onlyOf('command') }];
  return [...known, ...askedPathIssues([...path, 'path'], check.path), ...inVain];
}

function serviceIssues(
  services: Written['services'],
  { service, path: asked }: SmokeCheck,
  path: readonly string[],
): readonly Issue[] {
  if (service === undefined) return [];
  const at = { path: [...path, 'service'] };
  if (ownValue(services, service) === undefined) {
    const meant = nearest(service, Object.keys(services)) ?? Object.keys(services)[0];
    return [{ ...at, message: `is '${service}': no such service`, fix: `Write \`${meant}\`.` }];
  }
  if (asked === undefined || isCallable(services, service)) return [];
  const message = `is '${service}', which no one may call: it is not public, and none \`calls\` it`;
  return [{ ...at, message, fix: 'Test a service that calls it, or remove the check.' }];
}

function commandIssues(check: SmokeCheck, path: readonly string[]): readonly Issue[] {
  const others = ['path', 'method', 'headers', 'body', 'expect'] as const;
  const given = others.filter((key) => check[key] !== undefined);
  const outside = check.in !== undefined && isOutside(check.in);
  const message = `is '${check.in}': a folder below windlass.yaml`;
  return [
    ...given.map((key) => ({ path: [...path, key], ...onlyOf('service` and `path') })),
    ...(outside ? [{ path: [...path, 'in'], message, fix: 'Name it from there.' }] : []),
  ];
}

function isOutside(folder: string): boolean {
  return leadsOut(folder) || /^\.(\/|$)/.test(posix.normalize(folder));
}

function onlyOf(keys: string) {
  return { message: `has no effect: it belongs to \`${keys}\``, fix: 'Remove it.' };
}

function twice(smoke: readonly SmokeCheck[]): readonly Issue[] {
  return smoke.flatMap(({ name }, at) => {
    if (smoke.findIndex((one) => one.name === name) === at) return [];
    const path = ['smoke', String(at), 'name'];
    return [{ path, message: `'${name}' is another check's`, fix: 'Give it another name.' }];
  });
}
