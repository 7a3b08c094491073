import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { openClient } from './connect.ts';
import type { Login } from './connect.ts';
import { dropInvalidIndexes, endSessions } from './session-name.ts';

// Any number does, if all who migrate use the same: the ASCII codes of "wind".
const key = 0x77_69_6e_64;
const patienceMs = 60_000;

/**
 * Runs `work` while a session of its own holds the migration lock: Alembic has none. A session
 * lock, for a revision may commit in between; it ends with the session, so a crash frees it. When
 * the session is lost `lost` aborts, for somebody else may hold the lock by now. Sessions that a
 * dead run left migrating are ended first, and what they left half built in `schemas` goes.
 */
export async function underMigrationLock<T>(
  login: Login,
  schemas: readonly string[],
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const loss = new AbortController();
  const client = await openClient(login, (cause) => loss.abort(sessionLost(cause)));
  try {
    const until = Date.now() + patienceMs;
    for (;;) {
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock($1) as got',
        [key],
      );
      if (rows[0]?.got) {
        await endSessions(client);
        await dropInvalidIndexes(client, schemas);
        return await work(loss.signal);
      }
      if (Date.now() > until) throw held();
      await pause(250);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

function sessionLost(cause: Error): Failure {
  return new Failure({
    code: 'DATABASE_LOST',
    what: 'The session that held the migration lock was lost',
    why: cause.message,
    fix: 'The next attempt checks the revision of each schema and continues from there.',
    class: 'retry',
  });
}

function held(): Failure {
  return new Failure({
    code: 'MIGRATION_LOCKED',
    what: 'Another process is migrating this database',
    why: `the migration lock was not free within ${patienceMs / 1000} s`,
    fix: 'Wait until the other run has ended, or end its session in pg_stat_activity.',
    class: 'retry',
  });
}
