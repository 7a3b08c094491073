import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { readNetwork } from '../supabase/network.ts';

/**
 * Whom network restrictions keep out sees a reset or a time-out and no word of Postgres: where the
 * project has any, that is what such an error is about.
 */
export async function behindRestrictions(
  site: Site,
  ref: string,
  error: unknown,
): Promise<unknown> {
  if (!isSilence(error)) return error;
  const ranges = await readNetwork(site.supabase, ref).catch(() => everybody);
  if (ranges.includes('0.0.0.0/0')) return error;
  return new Failure({
    code: 'DATABASE_CLOSED',
    what: 'The database does not accept connections from this machine',
    why: `${error.message}, as for an address outside its network restrictions: ${ranges.join(', ') || 'no range at all'}`,
    fix: 'Add this machine’s range to `networkRestrictions`, or in the Supabase dashboard, then run the command again.',
    cause: error,
  });
}

const everybody = ['0.0.0.0/0'];

function isSilence(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if ('code' in error && (error.code === 'ECONNRESET' || error.code === 'ETIMEDOUT')) return true;
  return /^(?:Connection terminated|timeout expired)/.test(error.message);
}
