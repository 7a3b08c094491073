import pg from 'pg';
import { z } from 'zod';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';

/** A table, or one column of it, by its plain qualified name such as `journal.entries`. */
export interface Place {
  readonly table: string;
  readonly column?: string;
}

/**
 * Does any row hold something here that is lost when the place is dropped: any row of a table, any
 * value of a column but null and its default? A place that is not there holds nothing.
 */
export async function holdsValues(login: Login, place: Place): Promise<boolean> {
  return withClient(login, async (client) => {
    // An error is better than rows that a policy hides from the count.
    await client.query('set row_security = off');
    const [found] = (await client.query(whereabouts, [place.table, place.column ?? null])).rows;
    const { name, column, fallback } = Where.parse(found ?? {});
    if (!name || (place.column !== undefined && !column)) return false;
    const other = column ? `where ${distinct(pg.escapeIdentifier(column), fallback)}` : '';
    const { rows } = await client.query(`select exists (select from ${name} ${other}) as held`);
    return rows[0]?.held === true;
  });
}

function distinct(column: string, fallback: string | null | undefined): string {
  const written = `${column} is not null`;
  return fallback ? `${written} and ${column} is distinct from (${fallback})` : written;
}

const Where = z.object({
  name: z.string().nullish(),
  column: z.string().nullish(),
  fallback: z.string().nullish(),
});

const whereabouts = `
select to_regclass($1)::text as name, attname as column,
  pg_get_expr(adbin, adrelid) as fallback
from (select) as one left join pg_attribute a
  on attrelid = to_regclass($1) and attname = $2 and not attisdropped
  left join pg_attrdef on adrelid = attrelid and adnum = attnum`;
