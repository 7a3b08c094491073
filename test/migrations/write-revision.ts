import pg from 'pg';
import type { RandomRevision, Thing } from './drafts.ts';

const q = pg.escapeIdentifier;

/** The SQL of a random revision in a schema of its own. */
export function writeRevision(schema: string, revision: RandomRevision) {
  const { tables, things, trap } = revision;
  const full = (table: string): string => `${q(schema)}.${q(table)}`;
  const down = (table: string): string => (revision.bare ? q(table) : full(table));
  const first = tables[0] ?? '';
  const columns = things.filter(({ column }) => column !== undefined);
  const whole = things.filter(({ column }) => column === undefined);
  return {
    before: [
      `create schema ${q(schema)}`,
      `set search_path = ${q(schema)}`,
      `create type "Mood" as enum ('gut', 'schlecht')`,
      'create type pair as (a int, b text)',
      `create domain email as text check (value like '%@%')`,
      ...tables.flatMap((table) => [
        `create table ${full(table)} (id int primary key, old text)`,
        `insert into ${full(table)} values (1, 'written long ago'), (2, null)`,
      ]),
    ].join(';'),
    up: [
      ...columns.map((one) => `alter table ${full(one.table)} add column ${definition(one)}`),
      ...whole.map(({ table }) => `create table ${full(table)} (id int, value text)`),
    ].join(';'),
    rows: [
      `insert into ${full(first)} values (3, 'a new row')`,
      ...things.filter(({ written }) => written).map((one) => writing(full(one.table), one)),
    ].join(';'),
    down: [
      ...trapped(trap, down(first)),
      ...dropColumns(columns, revision, down),
      ...dropTables(
        whole.map(({ table }) => down(table)),
        revision,
      ),
    ].join(';'),
  };
}

function definition({ column = '', type, fallback }: Thing): string {
  if (fallback === 'none') return `${q(column)} ${type.sql}`;
  const [one, other] = [`(${type.value})::${type.sql}`, `(${type.fallback})::${type.sql}`];
  const changing = `(case when random() < 0.5 then ${one} else ${other} end)`;
  return `${q(column)} ${type.sql} default ${fallback === 'constant' ? type.fallback : changing}`;
}

function writing(table: string, { column, type }: Thing): string {
  if (column === undefined) return `insert into ${table} values (1, 'mine')`;
  return `update ${table} set ${q(column)} = ${type.value} where id = 2`;
}

function dropColumns(
  columns: readonly Thing[],
  { together, cascade, maybe }: RandomRevision,
  named: (table: string) => string,
): readonly string[] {
  const drop = ({ column = '' }: Thing): string =>
    `drop column ${maybe ? 'if exists ' : ''}${q(column)}${cascade ? ' cascade' : ''}`;
  if (!together) return columns.map((one) => `alter table ${named(one.table)} ${drop(one)}`);
  return [...new Set(columns.map(({ table }) => table))].map((table) => {
    const drops = columns.filter((one) => one.table === table).map(drop);
    return `alter table ${named(table)} ${drops.join(', ')}`;
  });
}

function dropTables(
  tables: readonly string[],
  { together, cascade, maybe }: RandomRevision,
): readonly string[] {
  const [before, after] = [maybe ? 'if exists ' : '', cascade ? ' cascade' : ''];
  if (tables.length > 0 && together) return [`drop table ${before}${tables.join(', ')}${after}`];
  return tables.map((table) => `drop table ${before}${table}${after}`);
}

function trapped(trap: RandomRevision['trap'], table: string): readonly string[] {
  switch (trap) {
    case 'old column':
      return [`alter table ${table} drop column old`];
    case 'old rows':
      return [`with gone as (delete from ${table} returning id) select count(*) from gone`];
    case 'old table':
      return [`drop table ${table} cascade`];
    case 'blind':
      return [`do $$ begin execute 'drop table ${table.replaceAll("'", "''")}'; end $$`];
    case 'old value':
      return [`insert into ${table} values (1, null) on conflict (id) do update set old = null`];
    case 'none':
      return [];
  }
}
