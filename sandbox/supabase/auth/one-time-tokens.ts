import { createHash, randomInt } from 'node:crypto';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import type { Face } from './face.ts';
import { getUser, type User } from './users.ts';

/** What a one-time token is good for. */
export type TokenType = 'confirmation_token' | 'recovery_token' | 'email_change_token_new';

/** A token as it would stand in a mail: the short code and the hash for the link. */
export interface IssuedToken {
  readonly otp: string;
  readonly hash: string;
}

/** Makes a token for the user and forgets an older one of the same type. */
export async function issueToken(
  face: Face,
  user: User,
  type: TokenType,
  email = user.email ?? '',
): Promise<IssuedToken> {
  const length = face.settings.mailer_otp_length;
  const otp = Array.from({ length }, () => randomInt(10)).join('');
  const hash = tokenHash(email, otp);
  const text = `insert into one_time_tokens (user_id, token_type, token_hash, relates_to, created_at)
    values ($1, $2, $3, $4, $5) on conflict (user_id, token_type) do update
    set token_hash = excluded.token_hash, relates_to = excluded.relates_to,
      created_at = excluded.created_at`;
  await face.pool.query(text, [user.id, type, hash, email, face.now]);
  return { otp, hash };
}

/** Takes a token out and answers whose it was; 403 `otp_expired` where it is unknown or too old. */
export async function redeemToken(
  face: Face,
  hash: string,
  types: readonly TokenType[],
): Promise<{ user: User; type: string }> {
  const text = `delete from one_time_tokens where token_hash = $1 and token_type = any($2)
    returning user_id, token_type, created_at`;
  const { rows } = await face.pool.query(text, [hash, types]);
  const [found] = Row.array().parse(rows);
  const ageMs = face.now.getTime() - (found?.created_at.getTime() ?? 0);
  if (found === undefined || ageMs > face.settings.mailer_otp_exp * 1000)
    throw new AuthError(403, 'otp_expired', 'Token has expired or is invalid');
  return { user: await getUser(face.pool, found.user_id), type: found.token_type };
}

/** The hash under which a code that was sent to an address is kept. */
export function tokenHash(email: string, otp: string): string {
  return createHash('sha224').update(`${email.toLowerCase()}${otp}`).digest('hex');
}

const Row = z.object({ user_id: z.string(), token_type: z.string(), created_at: z.date() });
