import { Failure } from '../failure.ts';
import { textOf } from './chain.ts';
import { troubleOf } from './sqlstate.ts';
import type { DatabaseTrouble } from './sqlstate.ts';

/** An error of Postgres, or of its client library, as a Failure; undefined where it is neither. */
export function sqlFailure(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (clientWords.has(error.message)) return ofTrouble('lost', error.message, error);
  const state = textOf(error, 'code');
  if (state === undefined || !/^[0-9A-Z]{5}$/.test(state)) return undefined;
  // Only what came from a server has a severity: E2BIG and EPIPE are five letters too.
  if (textOf(error, 'severity') === undefined) return undefined;
  const trouble = troubleOf(state);
  const why = `${error.message} (SQLSTATE ${state})`;
  return trouble === undefined ? refused(why, error) : ofTrouble(trouble, why, error);
}

/** The Failure for a trouble of the database as a whole. */
export function ofTrouble(trouble: DatabaseTrouble, why: string, cause?: unknown): Failure {
  return new Failure({ ...texts[trouble], why, ...(cause !== undefined && { cause }) });
}

// What pg throws of its own when a connection is gone: fixed texts, without a code.
const clientWords = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout expired',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
]);

const texts = {
  lost: {
    code: 'DATABASE_LOST',
    what: 'The database cannot be reached, or ended the session',
    fix: 'It is retried; if it persists, check the project in the Supabase dashboard.',
    class: 'retry',
  },
  busy: {
    code: 'DATABASE_BUSY',
    what: 'The statement was blocked by another database session',
    fix: 'It is retried; if it persists, check pg_stat_activity.',
    class: 'retry',
  },
  full: {
    code: 'DATABASE_DISK_FULL',
    what: 'The disk of the database is full',
    fix: 'Increase the disk size or free some space, then run the command again.',
    class: 'undo',
  },
  'read-only': {
    code: 'DATABASE_READ_ONLY',
    what: 'The database is read-only',
    fix: 'Supabase sets this when the disk is 95 % full: increase its size or free some space, then run the command again.',
    class: 'undo',
  },
} as const;

function refused(why: string, cause: unknown): Failure {
  return new Failure({
    code: 'DATABASE_REFUSED',
    what: 'The database refused a statement',
    why,
    fix: 'Fix what Postgres reports, then run the command again.',
    cause,
  });
}
