import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../failure.ts';

const lockTimeout = '3s';
const patienceMs = 60_000;

/**
 * Runs one text of statements, which Postgres takes as one transaction, so that nobody queues
 * behind it for more than 3 s at a time; again, with pauses, for up to a minute. A Failure where
 * the locks stay taken.
 */
export async function patiently(client: pg.ClientBase, text: string): Promise<void> {
  const until = Date.now() + patienceMs;
  await client.query(`set lock_timeout = '${lockTimeout}'`);
  for (let wait = 250; ; wait = Math.min(wait * 2, 8000)) {
    try {
      await client.query(text);
      return;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (Date.now() + wait > until) throw locked(error);
      await pause(wait * (0.5 + Math.random() / 2));
    }
  }
}

/** lock_not_available, deadlock_detected: rolled back, and may succeed when tried again. */
function isLocked(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && ['55P03', '40P01'].includes(error.code ?? '');
}

function locked(cause: Error): Failure {
  return new Failure({
    code: 'TABLE_LOCKED',
    what: 'Other sessions lock what Windlass has to change',
    why: `${cause.message} (Windlass’s own lock timeout, ${lockTimeout} a try, for ${patienceMs / 1000} s)`,
    fix: 'Find the session in pg_stat_activity (pg_blocking_pids), let it end, then run the command again.',
    class: 'retry',
    cause,
  });
}
