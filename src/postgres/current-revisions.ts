import type pg from 'pg';
import { Failure } from '../failure.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { versionTables } from './version-table.ts';

/**
 * The revision of each service's schema, read without the program that moves it; null = none applied.
 * A Failure where a version table names two.
 */
export async function currentRevisions(
  login: Login,
  services: readonly string[],
): Promise<Readonly<Record<string, string | null>>> {
  return withClient(login, (client) => revisionsOf(client, services));
}

/** The same through a connection of the caller's, which may stand in a snapshot. */
export async function revisionsOf(
  client: pg.ClientBase,
  services: readonly string[],
): Promise<Readonly<Record<string, string | null>>> {
  const found: [string, string | null][] = [];
  for (const service of services) {
    const table = await tableOf(client, service);
    const { rows } = table
      ? await client.query<{ version_num: string }>(`select version_num from ${table}`)
      : { rows: [] };
    if (table && rows.length > 1) throw severalRows(service, table, rows);
    found.push([service, rows[0]?.version_num ?? null]);
  }
  return Object.fromEntries(found);
}

/** The version table that a schema has, quoted; where it changed its tool, the one that says something. */
async function tableOf(client: pg.ClientBase, service: string): Promise<string | undefined> {
  for (const name of versionTables) {
    const table = `"${service}".${name}`;
    const known = await client.query<{ there: boolean }>(
      'select to_regclass($1) is not null as there',
      [table],
    );
    if (known.rows[0]?.there !== true) continue;
    const any = await client.query(`select from ${table} limit 1`);
    if (any.rowCount !== 0) return table;
  }
  return undefined;
}

function severalRows(
  service: string,
  table: string,
  rows: readonly { version_num: string }[],
): Failure {
  const found = rows.map(({ version_num: one }) => one).sort();
  return new Failure({
    code: 'VERSION_AMBIGUOUS',
    what: `The version table of ${service} has ${rows.length} rows`,
    why: `${table} names ${found.join(' and ')}: where the schema stands is not known`,
    fix: `Find out which one is true and delete the others: delete from ${table} where version_num = '${found[0]}'.`,
  });
}
