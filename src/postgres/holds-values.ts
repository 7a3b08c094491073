import pg from 'pg';
import { z } from 'zod';
import { isConstant } from '../migrations/constant.ts';
import type { Lost } from '../migrations/effect.ts';
import { cascadeOf, relationsOf } from './places.ts';
import type { Relation } from './places.ts';

/** Whether somebody wrote what would be lost, as a query that answers one row with `held`. */
export interface Question {
  /** With its schema, quoted where SQL wants it. */
  readonly relation: string;
  readonly column: string | null;
  /** Nobody writes while the relation is locked; a sequence cannot be. */
  readonly lock: boolean;
  readonly ask: string;
  readonly told: string;
}

/**
 * What has to be asked before a downgrade drops or empties this: any row of a table, any value of a
 * column but its default, a sequence that has moved; what hangs on it too where it would go along.
 * Or in words why nobody can ask: a place that is not there is a doubt.
 */
export async function questionsAbout(
  client: pg.ClientBase,
  place: Lost,
): Promise<readonly Question[] | string> {
  const own = await relationsOf(client, place);
  const there = own.length > 0 || nameless.has(place.kind ?? 'table');
  if (!there && place.optional !== true) return `${named(place)} is not there`;
  const along = place.cascade === true ? await cascadeOf(client, place, own) : [];
  const found: Question[] = [];
  for (const relation of [...own, ...along]) {
    const ask = await queryFor(client, relation);
    if (ask === undefined) continue;
    const { name, kind, column } = relation;
    const told = `${named({ table: name, column })} holds what was written since`;
    found.push({ relation: name, column, lock: kind !== 'S', ask, told });
  }
  return found;
}

/** The first of these that was written to, in words; undefined where nothing would be lost. */
export async function firstHeld(
  client: pg.ClientBase,
  questions: readonly Question[],
): Promise<string | undefined> {
  for (const { ask, told } of questions)
    if (Held.parse((await client.query(ask)).rows[0]).held) return told;
  return undefined;
}

/** Of these only what hangs on them can hold anything. */
const nameless: ReadonlySet<string> = new Set(['type', 'schema', 'function', 'extension']);

function named({ table, column }: { table: string; column?: string | null | undefined }): string {
  return column ? `${table}.${column}` : table;
}

/** Undefined where the relation holds nothing that anybody wrote there. */
async function queryFor(client: pg.ClientBase, relation: Relation): Promise<string | undefined> {
  const { name, kind, column } = relation;
  if (kind === 'v' || kind === 'm') return undefined; // what a query answers
  if (kind === 'S')
    return `select is_called or last_value <> seqstart as held from ${name}, pg_catalog.pg_sequence
      where seqrelid = ${pg.escapeLiteral(name)}::regclass`;
  const condition = column ? await written(client, relation) : '';
  return condition === undefined
    ? undefined
    : `select exists (select from ${name} as t ${condition}) as held`;
}

const Held = z.object({ held: z.boolean() });

/**
 * What tells a value that somebody wrote from one that a column has by itself; undefined where it
 * has no others. As text: not every type knows equality, and some take unequal values for equal.
 */
async function written(client: pg.ClientBase, relation: Relation): Promise<string | undefined> {
  const { rows } = await client.query(columnQuery, [relation.oid, relation.column]);
  const { type, fallback, generated } = Column.parse(rows[0]);
  if (generated) return undefined;
  const value = `t.${pg.escapeIdentifier(relation.column ?? '')}`;
  if (fallback === null || !(await isConstant(fallback)))
    return `where (${value})::text is not null`; // a composite with one null is not "not null"
  const text = (one: string) => `(${one})::text collate "C"`;
  return `where ${text(value)} is distinct from ${text(`(${fallback})::${type}`)}`;
}

const Column = z.object({
  type: z.string(),
  fallback: z.string().nullable(),
  generated: z.boolean(),
});

const columnQuery = `
select format_type(atttypid, atttypmod) as type, attgenerated <> '' as generated,
  pg_get_expr(adbin, adrelid) as fallback
from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
where attrelid = $1 and attname = $2 and not attisdropped`;
