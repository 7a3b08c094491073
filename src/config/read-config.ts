import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { Config } from './config.ts';
import { droppedKeys } from './dropped-keys.ts';
import { imageIssues } from './image-issues.ts';
import type { Environment } from './environment.ts';
import { imageNamed } from './own-services.ts';
import { peopleIssues } from './people.ts';
import type { Service } from './service.ts';
import { buildPlanOf } from '../images/build-plan.ts';
import { drilledBy, drillEnvironment } from '../drills/drill-site.ts';
import { Failure } from '../failure.ts';

/** What a user may write is stricter than what a stored release may hold. */
const Written = Config.superRefine((config, context) => {
  const issues = [droppedKeys(config), imageIssues(config), peopleIssues(config)];
  for (const { path, message } of issues.flat())
    context.addIssue({ code: 'custom', path: [...path], message });
});

/** Reads windlass.yaml of a project; a Failure names file, line and key of everything wrong in it. */
export async function readConfig(root: string): Promise<Config> {
  const text = await readFile(join(root, 'windlass.yaml'), 'utf8').catch((cause: unknown) => {
    throw invalid(`windlass.yaml cannot be read in ${root}`, String(cause), cause);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) throw invalid('windlass.yaml is not YAML', broken.message, broken);
  const parsed = Written.safeParse(document.toJS());
  if (!parsed.success)
    throw invalid(
      'windlass.yaml has mistakes',
      parsed.error.issues.map((issue) => explain(issue, document, lines)).join('; '),
    );
  return parsed.data;
}

/** The environment of that name; a Failure lists those that exist. */
export function environmentOf(config: Config, name: string): Environment {
  const environment = config.environments[name];
  if (environment) return environment;
  const drilled = config.environments[drilledBy(name) ?? ''];
  if (drilled) return drillEnvironment(drilled);
  throw new Failure({
    code: 'ENVIRONMENT_UNKNOWN',
    what: `There is no environment '${name}'`,
    why: `windlass.yaml declares: ${Object.keys(config.environments).join(', ')}.`,
    fix: 'Name one of these, or declare it under `environments`.',
  });
}

function explain(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const path = issue.path.map(String);
  const line = lineOf(path, document, lines);
  const keys = issue.code === 'unrecognized_keys' ? ` (${issue.keys.join(', ')})` : '';
  if (issue.code === 'invalid_key') {
    const why = issue.issues.map(({ message }) => message).join('; ');
    return `${path.join('.')}${line}: ${why}`;
  }
  return `${path.join('.') || 'top level'}${line}: ${issue.message}${keys}`;
}

function lineOf(path: readonly string[], document: Document, lines: LineCounter): string {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(path.slice(0, depth), true);
    if (isRanged(node)) return ` (line ${lines.linePos(node.range[0]).line})`;
  }
  return '';
}

function isRanged(node: unknown): node is { readonly range: readonly [number, ...number[]] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

/** A Failure where windlass.yaml names a source that lacks what is taken from it; a stored release needs none. */
export function requireSources(root: string, config: Config, environment?: string): void {
  for (const [name, service] of Object.entries(config.services)) {
    const { source, migrations } = service;
    if (imageNamed(config, environment, name) === undefined) requireBuildable(root, name, service);
    if (source === undefined) continue;
    const said = `services.${name}.source is '${source}', and there is no`;
    const file = ['alembic.ini', 'migrations'].find((one) => !existsSync(join(root, source, one)));
    if (migrations && file !== undefined)
      throw invalid(`The migrations of ${name} are missing`, `${said} ${file} in that folder`);
  }
}

function requireBuildable(root: string, name: string, service: Service): void {
  const { folder, dockerfile, wanted } = buildPlanOf(root, service);
  const what = `The image of ${name} is missing`;
  if (!existsSync(folder))
    throw invalid(what, `services.${name}: there is no folder ${relative(root, folder)}`);
  if (dockerfile !== undefined) return;
  if (service.build !== undefined)
    throw invalid(what, `services.${name}.build needs a Dockerfile, and there is no ${wanted}`);
  if (service.source !== undefined && existsSync(join(root, service.source, 'service.json')))
    return;
  const said = service.source === undefined ? '' : `.source is '${service.source}'`;
  throw invalid(what, `services.${name}${said}, and there is no ${wanted}`);
}

function invalid(what: string, why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'CONFIG_INVALID',
    what,
    why,
    fix: 'Mend windlass.yaml (windlass.schema.json lists every key), then run the command again.',
    cause,
  });
}
