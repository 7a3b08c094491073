import type { Hono } from 'hono';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { bodyOf, type Env, type Face } from './face.ts';
import { redeemToken, tokenHash, type TokenType } from './one-time-tokens.ts';
import { allowedRedirect } from './redirects.ts';
import { signIn } from './sessions.ts';
import { updateUser, type User } from './users.ts';

const types: Readonly<Record<string, readonly TokenType[]>> = {
  signup: ['confirmation_token'],
  invite: ['confirmation_token'],
  recovery: ['recovery_token'],
  magiclink: ['recovery_token'],
  email: ['confirmation_token', 'recovery_token'],
  email_change: ['email_change_token_new'],
};
const Verify = z.object({
  type: z.string(),
  token_hash: z.string().optional(),
  token: z.string().optional(),
  email: z.string().optional(),
});

/** `POST /verify` answers a session; `GET /verify` is the link in a mail and redirects. */
export function verifyRoutes(app: Hono<Env>): void {
  app.post('/verify', async (call) => {
    const face = call.get('face');
    const { type, token_hash, token, email } = await bodyOf(call, Verify);
    if (token_hash === undefined && (token === undefined || email === undefined))
      throw new AuthError(400, 'validation_failed', 'Verify requires a token or a token hash');
    const hash = token_hash ?? tokenHash(email ?? '', token ?? '');
    return call.json(await signIn(face, await verify(face, type, hash), 'otp'));
  });
  app.get('/verify', async (call) => {
    const face = call.get('face');
    const { type = '', token = '', redirect_to } = call.req.query();
    const target = allowedRedirect(redirect_to, face.settings);
    return call.redirect(`${target}#${await fragment(face, type, token)}`, 303);
  });
}

async function verify(face: Face, type: string, hash: string): Promise<User> {
  const wanted = types[type];
  if (wanted === undefined)
    throw new AuthError(400, 'validation_failed', 'Verify requires a verification type');
  const { user, type: redeemed } = await redeemToken(face, hash, wanted);
  const moved =
    redeemed === 'email_change_token_new' ? { email: user.email_change, email_change: '' } : {};
  const email_confirmed_at = user.email_confirmed_at ?? face.now;
  return updateUser(face.pool, user.id, { email_confirmed_at, ...moved });
}

async function fragment(face: Face, type: string, token: string): Promise<string> {
  try {
    const session = await signIn(face, await verify(face, type, token), 'otp');
    return new URLSearchParams({
      access_token: session.access_token,
      expires_at: `${session.expires_at}`,
      expires_in: `${session.expires_in}`,
      refresh_token: session.refresh_token,
      ...{ token_type: 'bearer', type },
    }).toString();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const text = 'Email link is invalid or has expired';
    const fields = { error: 'access_denied', error_code: error.code, error_description: text };
    return new URLSearchParams(fields).toString();
  }
}
