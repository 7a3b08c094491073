import type pg from 'pg';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';

/** The Alembic revision of each service's schema, read without Alembic; null = none applied. */
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
    const table = `"${service}".alembic_version`;
    const known = await client.query<{ there: boolean }>(
      'select to_regclass($1) is not null as there',
      [table],
    );
    const there = known.rows[0]?.there === true;
    const { rows } = there
      ? await client.query<{ version_num: string }>(`select version_num from ${table}`)
      : { rows: [] };
    found.push([service, rows[0]?.version_num ?? null]);
  }
  return Object.fromEntries(found);
}
