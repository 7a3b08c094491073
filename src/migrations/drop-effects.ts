import type { DropStmt, Node } from 'libpg-query';
import { adds, type Effects, type Lost, loses, tightens } from './effect.ts';
import { type Made, policyKey } from './made.ts';
import { listName, objectName, quoted, textOf } from './names.ts';

/** What a `drop …` takes away, object by object. */
export function dropEffects(statement: DropStmt, made: Made): Effects {
  const { objects = [], removeType = 'OBJECT_TABLE', behavior, missing_ok } = statement;
  const cascade = behavior === 'DROP_CASCADE';
  const how = {
    ...(cascade && { cascade }),
    ...(missing_ok === true && { optional: true as const }),
  };
  return objects.flatMap((object) => one(object, { type: removeType, how }, made));
}

interface Drop {
  readonly type: string;
  readonly how: Pick<Lost, 'cascade' | 'optional'>;
}

function one(object: Node, { type, how }: Drop, made: Made): Effects {
  if (type === 'OBJECT_INDEX' || type === 'OBJECT_STATISTIC_EXT') return adds;
  const noun = type.replace('OBJECT_', '').replace('_', ' ').toLowerCase();
  const name = objectName(object);
  const key = type === 'OBJECT_POLICY' ? policyOf(object) : keyOf(type, name);
  const known = made.has(key);
  made.remove(key);
  if ((known || (onTables.has(type) && made.has(tableOf(object)))) && !how.cascade) return adds;
  const kind = kinds[type];
  const why = `drops the ${noun} ${name}`;
  if (usedByCode.has(type) && !how.cascade) return tightens(`${why}, which may be in use`);
  if (kind === undefined) return loses(why);
  return loses(why, { table: name, ...(kind !== 'table' && { kind }), ...how });
}

/** `drop policy p on a.b` names its object `a.b.p`. */
function tableOf(object: Node): string {
  return 'List' in object ? listName(object.List.items?.slice(0, -1)) : '';
}

function policyOf(object: Node): string {
  const last = 'List' in object ? object.List.items?.at(-1) : undefined;
  return policyKey(last ? quoted(textOf(last)) : '?', tableOf(object));
}

const onTables = new Set(['OBJECT_TRIGGER', 'OBJECT_POLICY', 'OBJECT_RULE']);

/** The name under which `Made` knows it. */
export function keyOf(type: string, name: string): string {
  const kind = kinds[type] ?? 'table';
  return ['table', 'view', 'sequence'].includes(kind) ? name : `${kind} ${name}`;
}

const kinds: Readonly<Record<string, Lost['kind'] | 'table'>> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_MATVIEW: 'view',
  OBJECT_VIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_SCHEMA: 'schema',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_AGGREGATE: 'function',
};

const usedByCode = new Set(
  `OBJECT_VIEW OBJECT_MATVIEW OBJECT_FUNCTION OBJECT_PROCEDURE OBJECT_ROUTINE OBJECT_AGGREGATE
  OBJECT_TRIGGER OBJECT_POLICY OBJECT_RULE OBJECT_EVENT_TRIGGER OBJECT_PUBLICATION OBJECT_CAST
  OBJECT_OPERATOR`.split(/\s+/),
);
