import type { Hono } from 'hono';
import { z } from 'zod';
import { bodyOf, type Env } from './face.ts';
import { mailToken } from './mails.ts';
import { allowedRedirect } from './redirects.ts';
import { requireEmail } from './signup-routes.ts';
import { findUser } from './users.ts';

const Recover = z.object({ email: z.string() });
const Resend = z.object({ type: z.enum(['signup', 'email_change']), email: z.string() });

/** `/recover` and `/resend`: the answer never tells whether the address is known. */
export function mailRoutes(app: Hono<Env>): void {
  app.post('/recover', async (call) => {
    const face = call.get('face');
    const { email } = await bodyOf(call, Recover);
    requireEmail(email);
    const redirectTo = allowedRedirect(call.req.query('redirect_to'), face.settings);
    const user = await findUser(face.pool, 'email', email);
    if (user === undefined) return call.json({});
    await mailToken(face, user, { kind: 'recovery', redirectTo });
    return call.json({});
  });
  app.post('/resend', async (call) => {
    const face = call.get('face');
    const { type, email } = await bodyOf(call, Resend);
    const redirectTo = allowedRedirect(call.req.query('redirect_to'), face.settings);
    const user = await findUser(face.pool, 'email', email);
    if (user === undefined) return call.json({});
    if (type === 'signup' && user.email_confirmed_at === null)
      await mailToken(face, user, { kind: 'signup', redirectTo });
    if (type === 'email_change' && user.email_change !== '')
      await mailToken(face, user, { kind: 'email_change', to: user.email_change, redirectTo });
    return call.json({});
  });
}
