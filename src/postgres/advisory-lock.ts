import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';

// Any number does, if all who migrate use the same: the ASCII codes of "wind".
const key = 0x77_69_6e_64;
const patienceMs = 60_000;

/**
 * Runs `work` while a session of its own holds the migration lock: Alembic has none. A session
 * lock, for a revision may commit in between; it ends with the session, so a crash frees it.
 */
export async function underMigrationLock<T>(login: Login, work: () => Promise<T>): Promise<T> {
  return withClient(login, async (client) => {
    const until = Date.now() + patienceMs;
    for (;;) {
      const { rows } = await client.query<{ got: boolean }>(
        'select pg_try_advisory_lock($1) as got',
        [key],
      );
      if (rows[0]?.got) return work();
      if (Date.now() > until) throw held();
      await pause(250);
    }
  });
}

function held(): Failure {
  return new Failure({
    code: 'MIGRATION_LOCKED',
    what: 'Somebody else migrates this database',
    why: `the migration lock was not free within ${patienceMs / 1000} s`,
    fix: 'Wait until the other run has ended, or end its session in pg_stat_activity.',
    class: 'retry',
  });
}
