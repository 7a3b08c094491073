import pg from 'pg';
import { Failure } from '../failure.ts';

/** Runs `work`; where the database went away under it, a Failure that is tried again. */
export async function unlessLost<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw isLost(error) ? databaseLost(error.message, error) : error;
  });
}

/** The Failure for a database that went away in the middle of something that may be done again. */
export function databaseLost(why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'DATABASE_LOST',
    what: 'The connection to the database was lost',
    why,
    fix: 'It is retried automatically. If it persists, check that the database is running.',
    class: 'retry',
    cause,
  });
}

/** Whether the words of a program of Postgres say that the server went away, or could not be reached. */
export function saysLost(output: string): boolean {
  // What follows these words is the user's own text.
  const said = output.split('\n').filter((line) => line.startsWith('pg_') || !line.includes(':'));
  const lines = said.filter((line) => !line.includes('Command was:'));
  return lines.some((line) => (gone.test(line) || poolerSaysLater(line)) && !refused.test(line));
}

/** Whether the words of a program of Postgres are those of a pooler that may let it in later. */
function poolerSaysLater(output: string): boolean {
  return /FATAL: +\((?:EMAXCONNSESSION|EAUTHQUERY|ENOTFOUND|ECHECKOUTTIMEOUT|EDBHANDLEREXITED)\)/.test(
    output,
  );
}

/** Whether an error means that the database went away or could not be reached. */
export function isLost(error: unknown): error is Error {
  if (error instanceof pg.DatabaseError) return /^(?:57P0[1-5]|08|53300)/.test(error.code ?? '');
  if (!(error instanceof Error) || error instanceof Failure) return false;
  if ('code' in error && sockets.has(String(error.code))) return true;
  return /^(?:Connection terminated|Client has encountered a connection error|timeout expired)/.test(
    error.message,
  );
}

const sockets = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH']);

// libpq's own words, and the server's last ones (57P01 to 57P03).
const gone =
  /server closed the connection unexpectedly|no connection to the server|terminating connection due to|the database system is (?:starting up|shutting down|in recovery mode)|could not (?:receive data from|send data to) server|SSL connection has been closed unexpectedly|SSL SYSCALL error|: error: connection to server at .* failed/;

const refused =
  /FATAL: +(?:password authentication|no pg_hba|role |database |\((?:EADDRNOTALLOWED|ESSLREQUIRED|ENOIDENTIFIER)\))/;
