import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

/** Free bytes on the disk of a project's database; undefined where Supabase does not tell. */
export async function freeDisk(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<number | undefined> {
  const action = `read the free room on the disk of ${ref}`;
  const call = { action, path: `/projects/${ref}/config/disk/util`, answer: Util };
  const asked = callSupabase(access, call, waiting).catch((error: unknown) => {
    if (error instanceof Failure && silent.has(error.code)) return undefined;
    throw error;
  });
  return (await asked)?.metrics.fs_avail_bytes;
}

// A plan, a token or an older API without it.
const silent = new Set([
  'SUPABASE_DENIED',
  'SUPABASE_NOT_FOUND',
  'SUPABASE_INVALID',
  'SUPABASE_ANSWER_STRANGE',
]);

const Util = z.object({ metrics: z.object({ fs_avail_bytes: z.number() }) });
