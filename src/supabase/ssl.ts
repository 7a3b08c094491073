import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';
import { waitUntilReady } from './readiness.ts';

/** Whether the database refuses connections without TLS. */
export async function readSslEnforced(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<boolean> {
  const action = `read the SSL enforcement of ${ref}`;
  const call = { action, path: `/projects/${ref}/ssl-enforcement`, answer: Enforcement };
  return (await callSupabase(access, call, waiting)).currentConfig.database;
}

/**
 * Sets SSL enforcement and reads it back; no call where it is already so. A change restarts the
 * database, which is waited for. Also the undo.
 */
export async function enforceSsl(
  access: SupabaseAccess,
  which: { readonly ref: string; readonly enforced: boolean },
  waiting: Waiting = {},
): Promise<{ readonly changed: boolean }> {
  const now = await readSslEnforced(access, which.ref, waiting);
  if (now === which.enforced) return { changed: false };
  const action = `set the SSL enforcement of ${which.ref}`;
  const path = `/projects/${which.ref}/ssl-enforcement`;
  const body = { requestedConfig: { database: which.enforced } };
  const call = { action, method: 'PUT', path, body, answer: Enforcement } as const;
  await callSupabase(access, call, waiting);
  if ((await readSslEnforced(access, which.ref, waiting)) === which.enforced) {
    await waitUntilReady(access, which.ref, waiting);
    return { changed: true };
  }
  throw new Failure({
    code: 'SUPABASE_SETTING_NOT_TAKEN',
    what: `Supabase accepted the SSL enforcement of ${which.ref} but did not keep it`,
    why: `It is ${now ? 'on' : 'off'} as before.`,
    fix: 'Check the database settings in the dashboard, then deploy again.',
    class: 'retry',
  });
}

const Enforcement = z.object({ currentConfig: z.object({ database: z.boolean() }) });
