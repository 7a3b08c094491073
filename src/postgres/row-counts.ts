import pg from 'pg';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';

/** Rows of one table. */
export interface RowCount {
  readonly table: string;
  readonly rows: number;
}

/** Counts the rows of every table in these schemas, by name; in one snapshot. */
export async function countRows(
  login: Login,
  schemas: readonly string[],
): Promise<readonly RowCount[]> {
  return withClient(login, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const tables = await client.query<{ schema: string; name: string }>(tablesQuery, [schemas]);
    const counts: RowCount[] = [];
    for (const { schema, name } of tables.rows) {
      const from = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${from}`);
      counts.push({ table: `${schema}.${name}`, rows: Number(rows[0]?.n) });
    }
    return counts;
  });
}

const tablesQuery = `
select nspname as schema, relname as name from pg_class join pg_namespace n on n.oid = relnamespace
where nspname = any($1) and relkind = 'r' order by 1, 2`;
