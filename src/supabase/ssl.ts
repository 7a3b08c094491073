import { z } from 'zod';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

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

/** Sets SSL enforcement; no call where it is already so. Also the undo. */
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
  return { changed: true };
}

const Enforcement = z.object({ currentConfig: z.object({ database: z.boolean() }) });
