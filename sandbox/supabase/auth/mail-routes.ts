import type { Hono } from 'hono';
import { z } from 'zod';
import { bodyOf, type Env } from './face.ts';
import { issueToken } from './one-time-tokens.ts';
import { requireEmail } from './signup-routes.ts';
import { findUser, updateUser } from './users.ts';

const Recover = z.object({ email: z.string() });
const Resend = z.object({ type: z.enum(['signup', 'email_change']), email: z.string() });

/** `/recover` and `/resend`: the answer never tells whether the address is known. */
export function mailRoutes(app: Hono<Env>): void {
  app.post('/recover', async (call) => {
    const face = call.get('face');
    const { email } = await bodyOf(call, Recover);
    requireEmail(email);
    const user = await findUser(face.pool, 'email', email);
    if (user === undefined) return call.json({});
    await issueToken(face, user, 'recovery_token');
    await updateUser(face.pool, user.id, { recovery_sent_at: face.now });
    return call.json({});
  });
  app.post('/resend', async (call) => {
    const face = call.get('face');
    const { type, email } = await bodyOf(call, Resend);
    const user = await findUser(face.pool, 'email', email);
    if (user === undefined) return call.json({});
    if (type === 'signup' && user.email_confirmed_at === null)
      await issueToken(face, user, 'confirmation_token');
    if (type === 'email_change' && user.email_change !== '')
      await issueToken(face, user, 'email_change_token_new', user.email_change);
    return call.json({});
  });
}
