import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';

interface Stated {
  readonly ref: string;
  readonly password: string | undefined;
}

/**
 * Whether Auth has another password of its mail server than the stated one. Supabase shows its HMAC
 * alone, under the project's ref; where none is stated, none differs.
 */
export async function smtpPasswordDiffers(
  access: SupabaseAccess,
  { ref, password }: Stated,
  waiting: Waiting = {},
): Promise<boolean> {
  if (password === undefined) return false;
  const action = `read the mail settings of ${ref}`;
  const shown = await callSupabase(access, { action, path: pathOf(ref), answer: Shown }, waiting);
  return shown.smtp_pass !== createHmac('sha256', ref).update(password).digest('hex');
}

/** Sets the stated password where Auth has another one; answers whether it did. */
export async function setSmtpPassword(
  access: SupabaseAccess,
  { ref, password }: Stated,
  waiting: Waiting = {},
): Promise<boolean> {
  if (!(await smtpPasswordDiffers(access, { ref, password }, waiting))) return false;
  const action = `set the password of the mail server of ${ref}`;
  const body = { smtp_pass: password };
  const call = { action, method: 'PATCH', path: pathOf(ref), body, answer: z.unknown() } as const;
  await callSupabase(access, call, waiting);
  return true;
}

const Shown = z.object({ smtp_pass: z.string().nullish() });

function pathOf(ref: string): string {
  return `/projects/${ref}/config/auth`;
}
