import { Failure } from '../failure.ts';
import { withClient } from '../postgres/connect.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import { requireDatabase } from '../site-database.ts';
import type { Site } from '../site.ts';

/** A restart ends every connection at once, so one more try is worth it, and two are not. */
const tries = 2;

/**
 * Runs the smoke test. What fails while the services' pools may still hold connections from before
 * a restart of the database (SSL enforcement, a resize, a pause) is tried again once.
 */
export async function despiteRestarts<T>(
  site: Site,
  attempt: number,
  work: () => Promise<T>,
): Promise<T> {
  const before = await startedAt(site);
  try {
    return await work();
  } catch (error) {
    if (attempt >= tries || !(await restarted(site, before))) throw error;
    throw interrupted(error);
  }
}

/** During the smoke test, or since the environment was deployed last. */
async function restarted(site: Site, before: number): Promise<boolean> {
  const now = await startedAt(site);
  if (now !== before) return true;
  const ledger = await readLedger(site);
  const standing = standingOf(ledger);
  const last = ledger.find(({ number }) => number === standing?.entry);
  return last !== undefined && Date.parse(last.at) < now;
}

/** When its Postgres started, in ms since 1970. */
async function startedAt(site: Site): Promise<number> {
  const query = 'select pg_postmaster_start_time() as at';
  const login = await requireDatabase(site);
  const { rows } = await withClient(login, (client) => client.query<{ at: Date }>(query));
  return rows[0]?.at.getTime() ?? 0;
}

function interrupted(cause: unknown): Failure {
  const { what, why } = cause instanceof Failure ? cause : { what: String(cause), why: '' };
  return new Failure({
    code: 'SMOKE_INTERRUPTED',
    what: 'The smoke test failed after a restart of the database',
    why: `${what}: ${why}`,
    fix: 'No action needed: the smoke test is retried with new connections.',
    class: 'retry',
    cause,
  });
}
