import type pg from 'pg';
import { z } from 'zod';
import { readContent } from './content-digest.ts';
import type { TableContent } from './content-digest.ts';
import type { Written } from './written.ts';
import { isVersionTable } from './version-table.ts';

/** What tables held in one moment, and what tells what was written since. */
export const ContentMoment = z.object({
  tables: z
    .array(
      z.object({
        table: z.string(),
        columns: z.array(z.string()).readonly(),
        rows: z.string(),
        sum: z.string(),
      }),
    )
    .readonly(),
  snapshot: z.string().describe('which transactions it saw, as `pg_current_snapshot()` says it'),
  counts: z
    .record(z.string(), z.object({ oid: z.number(), written: z.number() }))
    .describe('rows written by then, ever, as the statistics of the server have it, by table'),
});
export type ContentMoment = z.infer<typeof ContentMoment>;

/** How tables differ from a moment before, for which of that a run's migrations answer. */
export interface ContentChanges {
  /** What the run changed: nobody else wrote there. */
  readonly differs: readonly string[];
  /** Where nobody can tell the run's changes from those of users. */
  readonly unchecked: readonly string[];
}

/** Which transactions a moment sees, and how much was ever written to each table of these schemas. */
export async function momentOf(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<Omit<ContentMoment, 'tables'>> {
  const { rows } = await client.query<{ snapshot: string }>(
    'select pg_current_snapshot()::text as snapshot',
  );
  const counted = await client.query(`${countsQuery} where schemaname = any($1)`, [schemas]);
  const counts = Counts.parse(counted.rows).map(({ table, ...count }) => [table, count] as const);
  return { snapshot: rows[0]?.snapshot ?? '', counts: Object.fromEntries(counts) };
}

/**
 * Reads every table of the moment again, the columns that it had then, and judges what differs. A
 * table into which the run wrote nothing holds what users wrote; one that only the run wrote
 * differs; of one that both wrote, or of which not all is known, nothing is claimed. A table or a
 * column that is gone is the catalog's to name.
 */
export async function contentSince(
  client: pg.ClientBase,
  { tables, ...before }: ContentMoment,
  written: Written,
): Promise<ContentChanges> {
  const named = tables.filter(({ table }) => !isVersionTable(table));
  const { rows } = await client.query<{ schema: string }>(schemasQuery, [
    named.map(({ table }) => table),
  ]);
  const columns = Object.fromEntries(named.map((one) => [one.table, one.columns]));
  const now = await readContent(client, { schemas: rows.map(({ schema }) => schema), columns });
  const found: Record<'differs' | 'unchecked', string[]> = { differs: [], unchecked: [] };
  for (const is of now) {
    const was = named.find(({ table }) => table === is.table);
    const told = was && compared(was, is);
    if (told === undefined) continue;
    const by = await writerOf(client, is.table, { ...before, written });
    if (by === 'run') found.differs.push(told);
    if (by === 'unknown') found.unchecked.push(`${told}; who wrote it is not known`);
  }
  return found;
}

function compared(was: TableContent, is: TableContent): string | undefined {
  if (was.columns.some((column) => !is.columns.includes(column))) return undefined;
  if (was.rows !== is.rows) return `rows of ${was.table}: ${is.rows}, ${was.rows} before`;
  return was.sum === is.sum ? undefined : `rows of ${was.table}: other values (${is.rows} rows)`;
}

interface Seen extends Omit<ContentMoment, 'tables'> {
  readonly written: Written;
}

/** Who wrote what differs in a table: the run alone, users alone, or nobody knows. */
async function writerOf(
  client: pg.ClientBase,
  table: string,
  { snapshot, counts, written }: Seen,
): Promise<'run' | 'users' | 'unknown'> {
  if (!written.complete || written.unseen.length > 0) return 'unknown';
  const own = written.rows[table];
  if (own === undefined && !written.moved.includes(table)) return 'users';
  const counted = await client.query(`${countsQuery} where ${tableName} = $1`, [table]);
  const [now] = Counts.parse(counted.rows);
  const was = counts[table];
  if (!now || !was || now.oid !== was.oid) return 'run'; // it has made it anew
  // More than ours: users wrote. Less: the server has begun to count anew.
  if (now.written - was.written !== (own ?? 0)) return 'unknown';
  const { rows } = await client.query(othersQuery(table), [snapshot, written.xids]);
  return Others.parse(rows[0]).others ? 'unknown' : 'run';
}

const Others = z.object({ others: z.boolean() });

// A row's 32 bits of transaction id, made whole by the present one.
function othersQuery(table: string): string {
  const now = `pg_snapshot_xmax(pg_current_snapshot())::text::numeric`;
  return `
select exists (
  select from only ${table} as t
    cross join lateral (select (${now} - mod(${now} - t.xmin::text::numeric + 4294967296 * 2, 4294967296))::text::xid8
      as xid) as of
  where not pg_visible_in_snapshot(of.xid, $1::pg_snapshot) and of.xid::text <> all($2::text[])
) as others`;
}

const tableName = `format('%I.%I', schemaname, relname)`;
const countsQuery = `
select ${tableName} as table, relid::int8 as oid, n_tup_ins + n_tup_upd + n_tup_del as written
from pg_stat_user_tables`;
const Counts = z.array(
  z.object({ table: z.string(), oid: z.coerce.number(), written: z.coerce.number() }),
);
const schemasQuery = `
select distinct nspname as schema from unnest($1::text[]) as name
  join pg_class c on c.oid = to_regclass(name) join pg_namespace n on n.oid = relnamespace`;
