import pg from 'pg';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';

/** The start of `application_name` of every session that migrates for this run. */
export function sessionName(runId: string): string {
  return `windlass ${runId}`.slice(0, 50);
}

/** A session of a migration: `windlass RUNID SERVICE`; sessions of Windlass itself have no run. */
const ofMigrations = '^windlass [^ ]+ [^ ]+$';

/**
 * Ends every session of this database that migrates, or those of one run; waits until they are
 * gone, at most `waitMs` each. Answers how many there were.
 */
export async function endSessions(
  client: pg.ClientBase,
  { runId, waitMs = 5000 }: { readonly runId?: string; readonly waitMs?: number } = {},
): Promise<number> {
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid, $3) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
       and application_name ~ $1 and starts_with(application_name, $2)`,
    [ofMigrations, runId === undefined ? '' : `${sessionName(runId)} `, waitMs],
  );
  return rowCount ?? 0;
}

/** Ends what a stopped migration of this run left running, with the login that it ran under. */
export async function endSessionsOf(login: Login, runId: string): Promise<void> {
  await withClient(login, (client) => endSessions(client, { runId }));
}

/**
 * Drops the indexes that an interrupted `create index concurrently` left invalid in these schemas.
 * One that somebody builds at this moment, or that belongs to a partitioned table, is let be. One
 * that an open transaction keeps for longer than a minute stays: it is in nobody's way.
 */
export async function dropInvalidIndexes(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(invalid, [schemas]);
  if (rows.length === 0) return;
  await client.query(`set statement_timeout = '60s'`);
  for (const { name } of rows)
    await client.query(`drop index concurrently if exists ${name}`).catch(unlessCancelled);
  await client.query(`reset statement_timeout`);
}

function unlessCancelled(error: unknown): void {
  if (!(error instanceof pg.DatabaseError) || error.code !== '57014') throw error;
}

const invalid = `
select format('%I.%I', nspname, relname) as name
from pg_index i join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
where nspname = any($1) and relkind = 'i' and not indisvalid
  and not exists (select from pg_stat_progress_create_index p
    where p.datid = (select oid from pg_database where datname = current_database())
      and (p.relid = indrelid or p.index_relid = indexrelid))
  and not exists (select from pg_inherits where inhrelid = indexrelid)
order by 1`;
