import pg from 'pg';
import { Failure } from '../failure.ts';

/**
 * Whether something that stood in a snapshot was taken away while it was read: the rows that a
 * snapshot sees are safe, the things that hold them are not.
 */
export function isOvertaken(error: unknown): error is Error {
  if (error instanceof pg.DatabaseError)
    return missing.has(error.code ?? '') || lookup.test(error.message);
  if (!(error instanceof Failure) || error.code !== 'POSTGRES_CLIENT_FAILED') return false;
  return gone.test(error.why) || lookup.test(error.why);
}

/** The Failure where that happens again and again. */
export function overtaken(cause: Error): Failure {
  return new Failure({
    code: 'DATABASE_CHANGES',
    what: 'The database’s tables change while they are backed up',
    why: cause instanceof Failure ? cause.why : cause.message,
    fix: 'It is retried automatically. Pause whatever creates and drops tables during the backup.',
    class: 'retry',
    cause,
  });
}

// undefined: table, column, function, object, schema
const missing = new Set(['42P01', '42703', '42883', '42704', '3F000']);
const lookup =
  /cache lookup failed for|could not open relation with OID|concurrently (?:updated|deleted|dropped)/;
const gone = /ERROR: +(?:relation|schema|type|function|role|sequence|column) .* does not exist/;
