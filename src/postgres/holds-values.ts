import pg from 'pg';
import { z } from 'zod';
import { isConstant } from '../migrations/constant.ts';
import type { Lost } from '../migrations/effect.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { cascadeOf, relationsOf } from './places.ts';
import type { Relation } from './places.ts';

/**
 * Why a downgrade that drops or empties this would lose something, in words: any row of a table, any
 * value of a column but its default, a sequence that has moved; undefined where nothing is lost.
 * What hangs on it is asked too where it would go along. A place that is not there is a doubt.
 */
export async function whatIsLost(login: Login, place: Lost): Promise<string | undefined> {
  return withClient(login, async (client) => {
    // An error is better than rows that a policy hides; names are written out with their schemas.
    await client.query(`set row_security = off; set search_path = ''`);
    const own = await relationsOf(client, place);
    const there = own.length > 0 || nameless.has(place.kind ?? 'table');
    if (!there && place.optional !== true) return `${named(place)} is not there`;
    const along = place.cascade === true ? await cascadeOf(client, place, own) : [];
    for (const relation of [...own, ...along])
      if (await isHeld(client, relation))
        return `${named({ table: relation.name, column: relation.column })} holds what was written since`;
    return undefined;
  });
}

/** Of these only what hangs on them can hold anything. */
const nameless: ReadonlySet<string> = new Set(['type', 'schema', 'function', 'extension']);

function named({ table, column }: { table: string; column?: string | null | undefined }): string {
  return column ? `${table}.${column}` : table;
}

async function isHeld(client: pg.ClientBase, relation: Relation): Promise<boolean> {
  const { name, kind, column } = relation;
  if (kind === 'v' || kind === 'm') return false; // what a query answers
  const condition = column ? await written(client, relation) : '';
  if (condition === undefined) return false;
  const query =
    kind === 'S'
      ? `select is_called or last_value <> seqstart as held from ${name}, pg_catalog.pg_sequence
        where seqrelid = ${pg.escapeLiteral(name)}::regclass`
      : `select exists (select from ${name} as t ${condition}) as held`;
  return Held.parse((await client.query(query)).rows[0]).held;
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
