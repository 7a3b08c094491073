import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';
import { ownValue } from '../own-value.ts';

interface Callable {
  readonly calls: readonly string[];
}

/**
 * What stands against laying the services in two tiers, those that are called before those that
 * call: a caller must know the address of a service that exists already.
 */
export function callIssues(services: Readonly<Record<string, Callable>>): readonly Issue[] {
  const names = Object.keys(services);
  return Object.entries(services).flatMap(([name, { calls }]) =>
    calls
      .flatMap((callee) => issueOf(callee, ownValue(services, callee), names) ?? [])
      .map((issue) => ({ path: ['services', name, 'calls'], ...issue })),
  );
}

function issueOf(
  callee: string,
  service: Callable | undefined,
  names: readonly string[],
): Omit<Issue, 'path'> | undefined {
  if (service === undefined) {
    const meant = nearest(callee, names);
    const fix = meant ? `Did you mean \`${meant}\`?` : `Name one of: ${names.join(', ')}.`;
    return { message: `names the unknown service ${callee}`, fix };
  }
  if (service.calls.length === 0) return undefined;
  const message = `names ${callee}, which calls other services itself: only two tiers are supported`;
  return { message, fix: 'Let the caller call those services directly.' };
}
