import { z } from 'zod';
import { held } from '../held.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';
import { learnSecret } from '../redaction/known.ts';

/** A login that the platform made, and takes back by itself. */
export interface ShortLogin {
  readonly user: string;
  readonly password: string;
  /** When another one is asked for, in ms since 1970. */
  readonly renewAt: number;
}

/** A login nearer to its end than this, in ms, or than half its life, is not begun with. */
const margin = 60_000;

const logins = new Map<string, Promise<ShortLogin>>();

/**
 * A login by the access token alone, valid for some minutes, whose member acts as `postgres` after
 * `set role postgres`; nobody's password changes. It is asked for again where it nears its end or
 * was `refused`, for another program's call may replace it. It is never revoked: the call that
 * would do so ends everybody's. The path is marked Beta.
 */
export async function shortLogin(
  access: SupabaseAccess,
  ref: string,
  { refused, ...waiting }: Waiting & { readonly refused?: string | undefined } = {},
): Promise<ShortLogin> {
  const key = `${access.api} ${ref}`;
  for (;;) {
    const pending = logins.get(key);
    const known = await pending?.catch(() => undefined);
    if (known && known.password !== refused && known.renewAt > Date.now()) return known;
    // Each call replaces the login before, so that one alone asks and the others wait for it.
    if (logins.get(key) === pending) break;
  }
  const asking = held(ask(access, ref, waiting));
  logins.set(key, asking);
  return asking;
}

async function ask(access: SupabaseAccess, ref: string, waiting: Waiting): Promise<ShortLogin> {
  const begun = Date.now();
  const {
    role,
    password,
    ttl_seconds: ttl,
  } = await callSupabase(
    access,
    {
      ...{ action: `make a short-lived login of ${ref}`, method: 'POST' },
      ...{ path: `/projects/${ref}/cli/login-role`, body: { read_only: false }, answer: LoginRole },
    },
    waiting,
  );
  learnSecret(password);
  return { user: role, password, renewAt: begun + Math.max(ttl * 1000 - margin, ttl * 500) };
}

const LoginRole = z.object({
  role: z.string().min(1),
  password: z.string().min(1),
  ttl_seconds: z.number().positive(),
});
