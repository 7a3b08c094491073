import pg from 'pg';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { platformExtensions, sharedSchema } from './platform.ts';

/**
 * Gives a scratch database the extensions that lie in the platform's shared schema, for pg_dump
 * passes over those that were there when the server was made. One that cannot be made is missed by
 * whatever needs it, and named there.
 */
export async function bringExtensions(admin: pg.ClientBase, copy: Login): Promise<void> {
  const { rows } = await admin.query<{ name: string }>(query, [sharedSchema]);
  const wanted = rows.filter(({ name }) => !platformExtensions.has(name));
  if (wanted.length === 0) return;
  const schema = pg.escapeIdentifier(sharedSchema);
  await withClient(copy, async (client) => {
    await client.query(`create schema if not exists ${schema}`);
    for (const { name } of wanted)
      await client
        .query(`create extension if not exists ${pg.escapeIdentifier(name)} with schema ${schema}`)
        .catch(unlessRefused);
  });
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof pg.DatabaseError)) throw error;
}

const query = `
select extname as name from pg_extension join pg_namespace n on n.oid = extnamespace
where nspname = $1 order by 1`;
