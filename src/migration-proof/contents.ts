import pg from 'pg';
import { readContent } from '../postgres/content-digest.ts';
import type { TableContent } from '../postgres/content-digest.ts';
import { versionTableList } from '../postgres/version-table.ts';

interface Table {
  readonly table: string;
  readonly bare: string;
  /** Its file; another one after it was emptied or written anew as a whole. */
  readonly file: string;
  readonly columns: readonly string[];
}

/**
 * Remembers what tables held, by a digest of the columns that they had then: each is read before
 * the first statement that could write it is forwarded, where the backup does not tell it, and again
 * after the revision that did.
 */
export class Contents {
  readonly #client: pg.ClientBase;
  readonly #known = new Map<string, TableContent>();
  /** As they were before the service's first revision. */
  readonly #first = new Map<string, TableContent>();
  #there: ReadonlyMap<string, Table> = new Map();
  #start: ReadonlySet<string> = new Set();

  /** `known` is what somebody has read of this very database, or of the one that it is a copy of. */
  constructor(client: pg.ClientBase, known: readonly TableContent[] = []) {
    this.#client = client;
    for (const one of known) this.#known.set(one.table, one);
  }

  /** How many rows a table had when it was last read; undefined where nobody has. */
  rowsOf(table: string): number | undefined {
    const rows = this.#known.get(table)?.rows;
    return rows === undefined ? undefined : Number(rows);
  }

  /** The tables that were there at the last look. */
  tables(): ReadonlySet<string> {
    return new Set(this.#there.keys());
  }

  /** Looks which tables there are: before each revision; `anew` before a service's first. */
  async look(anew: boolean): Promise<void> {
    const { rows } = await this.#client.query<Table>({ name: 'windlass contents', text: tables });
    this.#there = new Map(rows.map((one) => [one.table, one]));
    if (anew) {
      // Nobody has looked at what the ways down and up again made of these.
      for (const table of this.#first.keys()) this.#known.delete(table);
      this.#first.clear();
      this.#start = new Set(this.#there.keys());
    }
    for (const [table, { columns }] of this.#known)
      if (!same(this.#there.get(table)?.columns ?? [], columns)) this.#known.delete(table);
  }

  /** Reads what these tables hold, where it is not known. */
  async keep(wanted: Iterable<string>): Promise<void> {
    for (const table of wanted) {
      const found = this.#there.get(table);
      if (!found) continue;
      const read =
        this.#known.get(table) ??
        (await contentOf(this.#client, table, found.columns).catch(unlessLocked));
      if (!read) continue;
      this.#known.set(table, read);
      if (this.#start.has(table) && !this.#first.has(table)) this.#first.set(table, read);
    }
  }

  /** Reads, and answers, the tables that a statement names or could reach without naming them. */
  async before(text: string, schema: string): Promise<readonly string[]> {
    const all = [...this.#there.values()];
    const reached = hides(text, schema)
      ? all.filter(
          ({ table }) =>
            table.startsWith(`${pg.escapeIdentifier(schema)}.`) || table.startsWith(`${schema}.`),
        )
      : all.filter(({ bare }) => text.toLowerCase().includes(bare.toLowerCase()));
    const names = reached.map(({ table }) => table);
    await this.keep(names);
    return names;
  }

  /** Which tables hold something else since `look`; those that nobody read are named too. */
  async after(written: Iterable<string>): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const table of await this.#touched(written)) {
      const was = this.#known.get(table);
      if (!was && this.#there.has(table)) changed.push(`${table} may have been written unseen`);
      if (!was) continue;
      const is = await contentOf(this.#client, table, was.columns);
      changed.push(...compare(was, is));
      if (is) this.#known.set(table, is);
      else this.#known.delete(table);
    }
    return changed;
  }

  /** Which tables that were there before the service's first revision hold something else now. */
  async back(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const was of this.#first.values())
      changed.push(...compare(was, await contentOf(this.#client, was.table, was.columns)));
    return changed;
  }

  /** Those written by statements, those with another file, and those that are gone. */
  async #touched(written: Iterable<string>): Promise<ReadonlySet<string>> {
    const { rows } = await this.#client.query<Table>({ name: 'windlass contents', text: tables });
    const now = new Map(rows.map(({ table, file }) => [table, file]));
    const moved = [...this.#there.values()].filter(({ table, file }) => now.get(table) !== file);
    return new Set([...written, ...moved.map(({ table }) => table)]);
  }
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

// `insert into api.t (a)` calls nothing.
const target = /\binto\s+\S+\s*\(/gi;

const tables = `
select format('%I.%I', nspname, relname) as table, relname as bare,
  pg_relation_filenode(c.oid)::text as file,
  coalesce((select array_agg(attname::text order by attnum) from pg_attribute
    where attrelid = c.oid and attnum > 0 and not attisdropped), '{}') as columns
from pg_class c join pg_namespace n on n.oid = relnamespace
where relkind = 'r' and nspname <> 'information_schema' and nspname !~ '^pg_'
  and relname not in (${versionTableList})`;
const schemaOf = `
select nspname as schema from pg_class c join pg_namespace n on n.oid = relnamespace
where c.oid = to_regclass($1)`;
