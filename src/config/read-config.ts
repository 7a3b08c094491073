import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { Config } from './config.ts';
import { droppedKeys } from './dropped-keys.ts';
import type { Environment } from './environment.ts';
import { peopleIssues } from './people.ts';
import { drilledBy, drillEnvironment } from '../drills/drill-site.ts';
import { Failure } from '../failure.ts';

/** What a user may write is stricter than what a stored release may hold. */
const Written = Config.superRefine((config, context) => {
  for (const { path, message } of [...droppedKeys(config), ...peopleIssues(config)])
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
export function requireSources(root: string, config: Config): void {
  for (const [name, { source, image, migrations }] of Object.entries(config.services)) {
    if (source === undefined) continue;
    const lacks = (file: string): boolean => !existsSync(join(root, source, file));
    const said = `services.${name}.source is '${source}', and there is no`;
    if (image === undefined && lacks('service.json'))
      throw invalid(`The image of ${name} is missing`, `${said} service.json in that folder`);
    const file = ['alembic.ini', 'migrations'].find(lacks);
    if (migrations && file !== undefined)
      throw invalid(`The migrations of ${name} are missing`, `${said} ${file} in that folder`);
  }
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
