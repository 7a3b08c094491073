import type { Hono } from 'hono';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { bodyOf, type Env, type Face } from './face.ts';
import { passwordFits } from './passwords.ts';
import { refresh, signIn } from './sessions.ts';
import { findUser } from './users.ts';

const Password = z.object({ email: z.string().default(''), password: z.string().default('') });
const Refresh = z.object({ refresh_token: z.string() });

/** `POST /token`: by password or by refresh token. */
export function tokenRoutes(app: Hono<Env>): void {
  app.post('/token', async (call) => {
    const face = call.get('face');
    const grant = call.req.query('grant_type');
    if (grant === 'password')
      return call.json(await byPassword(face, await bodyOf(call, Password)));
    if (grant === 'refresh_token')
      return call.json(await refresh(face, (await bodyOf(call, Refresh)).refresh_token));
    throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type');
  });
}

async function byPassword(face: Face, { email, password }: z.infer<typeof Password>) {
  const user = await findUser(face.pool, 'email', email);
  if (user === undefined || !(await passwordFits(password, user.encrypted_password)))
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials');
  if (user.banned_until !== null && user.banned_until > face.now)
    throw new AuthError(400, 'user_banned', 'User is banned');
  const unconfirmed = user.email_confirmed_at === null;
  if (unconfirmed && face.settings.mailer_allow_unverified_email_sign_ins !== true)
    throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');
  return signIn(face, user, 'password');
}
