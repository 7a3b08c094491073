import pg from 'pg';
import { readContent } from '../postgres/content-digest.ts';
import type { TableContent } from '../postgres/content-digest.ts';

interface Table {
  readonly table: string;
  readonly bare: string;
  /** Its file; another one after it was emptied or written anew as a whole. */
  readonly file: string;
  readonly columns: readonly string[];
}

/**
 * Remembers what tables held, by a digest of the columns that they had then: each is read before
 * the first statement that could write it is forwarded, and again after the revision that did.
 */
export function contents(client: pg.ClientBase) {
  const known = new Map<string, TableContent>();
  const first = new Map<string, TableContent>();
  let there: ReadonlyMap<string, Table> = new Map();
  let start: ReadonlySet<string> = new Set();
  /** Looks again which tables there are; before each revision, and before a service’s first. */
  const look = async (anew: boolean): Promise<void> => {
    const { rows } = await client.query<Table>(tables);
    there = new Map(rows.map((one) => [one.table, one]));
    if (anew) {
      first.clear();
      start = new Set(there.keys());
    }
    for (const [table, { columns }] of known)
      if (!same(there.get(table)?.columns ?? [], columns)) known.delete(table);
  };
  const keep = async (wanted: Iterable<string>): Promise<void> => {
    for (const table of wanted) {
      if (known.has(table) || !there.has(table)) continue;
      const read = await contentOf(client, table, there.get(table)?.columns ?? []).catch(
        unlessLocked,
      );
      if (!read) continue;
      known.set(table, read);
      if (start.has(table) && !first.has(table)) first.set(table, read);
    }
  };
  /** Reads, and answers, the tables that a statement names or could reach without naming them. */
  const before = async (text: string, schema: string): Promise<readonly string[]> => {
    const all = [...there.values()];
    const reached = hides(text, schema)
      ? all.filter(({ table }) => table.startsWith(`${schema}.`))
      : all.filter(({ bare }) => text.toLowerCase().includes(bare.toLowerCase()));
    const names = reached.map(({ table }) => table);
    await keep(names);
    return names;
  };
  /** Which tables hold something else since `look`; those that nobody read are named too. */
  const after = async (written: Iterable<string>): Promise<readonly string[]> => {
    const then = there;
    const { rows } = await client.query<Table>(tables);
    const others = rows.filter(({ table, file }) => then.get(table)?.file !== file);
    const touched = new Set([...written, ...others.map(({ table }) => table)]);
    for (const table of then.keys())
      if (!rows.some((one) => one.table === table)) touched.add(table);
    const changed: string[] = [];
    for (const table of touched) {
      const was = known.get(table);
      if (!was && then.has(table)) changed.push(`${table} may have been written unseen`);
      if (!was) continue;
      const is = await contentOf(client, table, was.columns);
      changed.push(...compare(was, is));
      if (is) known.set(table, is);
      else known.delete(table);
    }
    return changed;
  };
  /** Which tables that were there before the service’s first revision hold something else now. */
  const back = async (): Promise<readonly string[]> => {
    const changed: string[] = [];
    for (const was of first.values())
      changed.push(...compare(was, await contentOf(client, was.table, was.columns)));
    return changed;
  };
  return { look, keep, before, after, back };
}

/** How a table differs from what it held; empty where it does not. */
function compare(was: TableContent, is: TableContent | undefined): readonly string[] {
  const { table, columns } = was;
  if (!is) return was.rows === '0' ? [] : [`${table} is gone, with ${was.rows} rows`];
  const gone = columns.filter((column) => !is.columns.includes(column));
  if (gone.length > 0) return [`${table} lost ${gone.join(', ')}`];
  if (was.rows !== is.rows) return [`${table} held ${was.rows} rows, and holds ${is.rows}`];
  return was.sum === is.sum ? [] : [`${table} holds other values (${was.rows} rows)`];
}

/** One table's digest over the named columns; undefined where the table is gone. */
async function contentOf(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
): Promise<TableContent | undefined> {
  const { rows } = await client.query<{ schema: string }>(schemaOf, [table]);
  const schemas = rows.map(({ schema }) => schema);
  const [read] = await readContent(client, { schemas, columns: { [table]: columns } });
  return read;
}

/** A table that the revision itself has locked cannot be read any more: it counts as unseen. */
export function unlessLocked(error: unknown): undefined {
  if (error instanceof pg.DatabaseError && error.code === '55P03') return undefined;
  throw error;
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

/** Can a statement reach tables that it does not name: by code, or by what depends on what goes? */
function hides(text: string, schema: string): boolean {
  if (/\b(do|call|execute|perform|cascade)\b/i.test(text)) return true;
  return !/^\s*(create|alter)\b/i.test(text) && calls(schema).test(text.replaceAll(target, ' '));
}

/** A function of the service's own schema. */
function calls(schema: string): RegExp {
  return new RegExp(`"?${schema.replaceAll(/[^\w]/g, '.')}"?\\s*\\.\\s*"?\\w+"?\\s*\\(`, 'i');
}

// `insert into meals.t (a)` calls nothing.
const target = /\binto\s+\S+\s*\(/gi;

const tables = `
select format('%I.%I', nspname, relname) as table, relname as bare,
  pg_relation_filenode(c.oid)::text as file,
  coalesce((select array_agg(attname::text order by attnum) from pg_attribute
    where attrelid = c.oid and attnum > 0 and not attisdropped), '{}') as columns
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind = 'r' and nspname <> 'information_schema' and nspname !~ '^pg_'
  and relname <> 'alembic_version'`;
const schemaOf = `
select nspname as schema from pg_class c join pg_namespace n on n.oid = relnamespace
where c.oid = to_regclass($1)`;
