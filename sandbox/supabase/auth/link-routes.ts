import type { Hono } from 'hono';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { bodyOf, type Env, type Face } from './face.ts';
import { issueToken, type TokenType } from './one-time-tokens.ts';
import { hashPassword, requireStrong } from './passwords.ts';
import { allowedRedirect } from './redirects.ts';
import { shownUser } from './shown-user.ts';
import { requireEmail } from './signup-routes.ts';
import { findUser, insertUser, updateUser, type User } from './users.ts';

const Link = z.object({
  type: z.enum(['signup', 'invite', 'magiclink', 'recovery']),
  email: z.string(),
  password: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  redirect_to: z.string().optional(),
});
type Link = z.infer<typeof Link>;

/** `POST /admin/generate_link`: the link that a mail would carry, and the user it is for. */
export function linkRoutes(app: Hono<Env>): void {
  app.post('/admin/generate_link', async (call) => {
    const face = call.get('face');
    const link = await bodyOf(call, Link);
    requireEmail(link.email);
    const known = await findUser(face.pool, 'email', link.email);
    const user =
      known === undefined ? await newUser(face, link) : await knownUser(face, link, known);
    const type = known === undefined && link.type === 'magiclink' ? 'signup' : link.type;
    const { otp, hash } = await issueToken(face, user, tokenType(type));
    const redirect_to = allowedRedirect(
      link.redirect_to ?? call.req.query('redirect_to'),
      face.settings,
    );
    const query = new URLSearchParams({ token: hash, type, redirect_to });
    return call.json({
      ...shownUser(user),
      action_link: `${face.url}/auth/v1/verify?${query.toString()}`,
      ...{ email_otp: otp, hashed_token: hash, verification_type: type, redirect_to },
    });
  });
}

function tokenType(type: Link['type']): TokenType {
  return type === 'signup' || type === 'invite' ? 'confirmation_token' : 'recovery_token';
}

async function newUser(face: Face, link: Link): Promise<User> {
  if (link.type === 'recovery')
    throw new AuthError(404, 'user_not_found', 'User with this email not found');
  const { email, password, data = {} } = link;
  if (link.type === 'signup' && password === undefined)
    throw new AuthError(400, 'validation_failed', 'Signup requires a valid password');
  if (password !== undefined) requireStrong(password, face.settings);
  return insertUser(face.pool, {
    email: email.toLowerCase(),
    ...(password === undefined ? {} : { encrypted_password: await hashPassword(password) }),
    raw_app_meta_data: { provider: 'email', providers: ['email'] },
    raw_user_meta_data: data,
    confirmation_sent_at: face.now,
    ...(link.type === 'invite' ? { invited_at: face.now } : {}),
  });
}

// A sign-up link for an address that waits for its confirmation takes the new password, as GoTrue.
async function knownUser(face: Face, link: Link, known: User): Promise<User> {
  const forNewcomers = link.type === 'signup' || link.type === 'invite';
  if (forNewcomers && known.email_confirmed_at !== null) {
    const message = 'A user with this email address has already been registered';
    throw new AuthError(422, 'email_exists', message);
  }
  if (link.type !== 'signup' || link.password === undefined) return known;
  requireStrong(link.password, face.settings);
  const encrypted_password = await hashPassword(link.password);
  return updateUser(face.pool, known.id, { encrypted_password, confirmation_sent_at: face.now });
}
