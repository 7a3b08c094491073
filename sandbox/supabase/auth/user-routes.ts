import type { Hono } from 'hono';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { bodyOf, type Call, claimsOf, type Env, type Face } from './face.ts';
import { mailToken } from './mails.ts';
import { hashPassword, passwordFits, requireStrong } from './passwords.ts';
import { sessionOf, signOut } from './sessions.ts';
import { shownUser } from './shown-user.ts';
import { requireEmail } from './signup-routes.ts';
import { getUser, updateUser, type User, type UserChange } from './users.ts';

const Change = z.object({
  email: z.string().optional(),
  password: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
const Scope = z.enum(['global', 'local', 'others']).catch('global');

/** The signed-in user's own account, and the sign-out. */
export function userRoutes(app: Hono<Env>): void {
  app.get('/user', async (call) => call.json(shownUser((await signedIn(call)).user)));
  app.put('/user', async (call) => {
    const face = call.get('face');
    const { user } = await signedIn(call);
    const change = await bodyOf(call, Change);
    return call.json(shownUser(await changeUser(face, user, change)));
  });
  app.post('/logout', async (call) => {
    const { user, sessionId } = await signedIn(call);
    const scope = Scope.parse(call.req.query('scope'));
    await signOut(call.get('face'), { userId: user.id, id: sessionId }, scope);
    return call.body(null, 204);
  });
}

async function signedIn(call: Call): Promise<{ user: User; sessionId: string }> {
  const face = call.get('face');
  const { sub, session_id } = claimsOf(call);
  if (sub === undefined) throw new AuthError(403, 'bad_jwt', 'invalid claim: missing sub claim');
  const { id } = await sessionOf(face, session_id);
  return { user: await getUser(face.pool, sub), sessionId: id };
}

async function changeUser(face: Face, user: User, wanted: z.infer<typeof Change>): Promise<User> {
  const { email, password, data } = wanted;
  const change: UserChange = {};
  if (password !== undefined) {
    requireStrong(password, face.settings);
    if (await passwordFits(password, user.encrypted_password))
      throw new AuthError(
        422,
        'same_password',
        'New password should be different from the old password.',
      );
    change.encrypted_password = await hashPassword(password);
  }
  if (data !== undefined) change.raw_user_meta_data = { ...user.raw_user_meta_data, ...data };
  if (email !== undefined && email !== user.email)
    Object.assign(change, await changeEmail(face, user, email));
  return updateUser(face.pool, user.id, change);
}

async function changeEmail(face: Face, user: User, email: string): Promise<UserChange> {
  requireEmail(email);
  if (face.settings.mailer_autoconfirm) return { email };
  await mailToken(face, user, {
    kind: 'email_change',
    to: email,
    redirectTo: face.settings.site_url,
  });
  return { email_change: email };
}
