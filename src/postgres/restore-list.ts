import { isCarried, isPlatformRole, platformExtensions, sharedSchema } from './platform.ts';
import { readToc } from './toc.ts';
import type { Entry } from './toc.ts';

/** What a dump holds, in the order in which it is restored. */
export interface RestoreList {
  /** The user's schemas and extensions. */
  readonly ground: readonly Entry[];
  /** The shape of the platform's own tables, for a database that has none of them. */
  readonly platform: readonly Entry[];
  /** All else: the user's objects, rows, and what hangs on the platform's tables. */
  readonly user: readonly Entry[];
}

/** Sorts what `pg_restore --list` names; `made` are schemas that are there already. */
export function restoreList(list: string, made: ReadonlySet<string>): RestoreList {
  const entries = readToc(list).filter(
    (entry) => !isMade(entry, made) && !isOfPlatformRole(entry) && !isNever(entry),
  );
  const ground = entries.filter(({ kind }) => kind === 'SCHEMA' || kind === 'EXTENSION');
  const rest = entries.filter((entry) => !ground.includes(entry));
  return {
    ground,
    platform: rest.filter(isShape),
    user: rest.filter((entry) => !isShape(entry)),
  };
}

/** Whether an entry is the platform's in a project that the platform has made. */
export function isPlatformOwn({ kind, schema, name, owner }: Entry): boolean {
  const about = aboutSchema(name);
  if (kind === 'ACL' || kind === 'COMMENT')
    if (schema === '-' && about !== undefined && (isCarried(about) || about === sharedSchema))
      return true;
  if (schema === sharedSchema) return isPlatformRole(owner);
  if (!isCarried(schema)) return false;
  return !hung.has(kind);
}

/** What a user hangs on a table of the platform. */
const hung = new Set(['TRIGGER', 'POLICY']);

const shapeless = new Set([
  ...['TABLE DATA', 'SEQUENCE SET', 'ACL', 'COMMENT', 'INDEX', 'INDEX ATTACH', 'CONSTRAINT'],
  ...['FK CONSTRAINT', 'TRIGGER', 'POLICY', 'ROW SECURITY', 'RULE', 'STATISTICS', 'DEFAULT ACL'],
  ...['MATERIALIZED VIEW DATA', 'SECURITY LABEL', 'CHECK CONSTRAINT'],
]);

function isShape({ kind, schema }: Entry): boolean {
  return isCarried(schema) && !shapeless.has(kind);
}

function isMade({ kind, schema, name }: Entry, made: ReadonlySet<string>): boolean {
  if (kind === 'SCHEMA') return made.has(name) || isCarried(name);
  if (kind === 'EXTENSION') return platformExtensions.has(name);
  // Extensions belong to whoever made them first.
  if (kind === 'COMMENT' && schema === '-') return /^(?:EXTENSION|EVENT TRIGGER) /.test(name);
  return false;
}

function isOfPlatformRole({ kind, owner }: Entry): boolean {
  return isPlatformRole(owner) && (kind === 'DEFAULT ACL' || kind === 'EVENT TRIGGER');
}

/** What one database of a server alone can have, or a superuser make: named by `notCarried`. */
function isNever({ kind, name }: Entry): boolean {
  return (
    /^(?:EVENT TRIGGER|SUBSCRIPTION|SUBSCRIPTION TABLE)$/.test(kind) ||
    (kind === 'ACL' && name.startsWith('DATABASE '))
  );
}

function aboutSchema(name: string): string | undefined {
  return /^SCHEMA (.+)$/.exec(name)?.[1];
}
