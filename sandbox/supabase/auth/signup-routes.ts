import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { bodyOf, type Env, type Face } from './face.ts';
import { mailToken } from './mails.ts';
import { hashPassword, requireStrong } from './passwords.ts';
import { allowedRedirect } from './redirects.ts';
import { signIn } from './sessions.ts';
import { shownUser } from './shown-user.ts';
import { findUser, insertUser, type User } from './users.ts';

const Signup = z.object({
  email: z.string().default(''),
  password: z.string().default(''),
  data: z.record(z.string(), z.unknown()).default({}),
});
type Signup = z.infer<typeof Signup>;

/** `POST /signup`: a session where addresses need no confirmation, else the bare user. */
export function signupRoutes(app: Hono<Env>): void {
  app.post('/signup', async (call) => {
    const face = call.get('face');
    const signup = await bodyOf(call, Signup);
    refuse(signup, face);
    const known = await findUser(face.pool, 'email', signup.email);
    const redirectTo = allowedRedirect(call.req.query('redirect_to'), face.settings);
    if (known !== undefined) return call.json(await again(face, known, redirectTo));
    const user = await insertUser(face.pool, await newUser(signup, face));
    if (user.email_confirmed_at !== null) return call.json(await signIn(face, user, 'password'));
    return call.json(shownUser(await mailed(face, user, redirectTo)));
  });
}

/** The new user, once the mail is out; where it cannot go out there is no user either. */
async function mailed(face: Face, user: User, redirectTo: string): Promise<User> {
  try {
    return await mailToken(face, user, { kind: 'signup', redirectTo });
  } catch (error) {
    await face.pool.query('delete from users where id = $1', [user.id]);
    throw error;
  }
}

/** An e-mail address that could exist; 400 `validation_failed` otherwise. */
export function requireEmail(email: string): void {
  const message = 'Unable to validate email address: invalid format';
  if (!z.email().safeParse(email).success) throw new AuthError(400, 'validation_failed', message);
}

function refuse({ email, password }: Signup, { settings }: Face): void {
  if (settings.disable_signup === true)
    throw new AuthError(422, 'signup_disabled', 'Signups not allowed for this instance');
  if (settings.external_email_enabled === false)
    throw new AuthError(422, 'email_provider_disabled', 'Email signups are disabled');
  if (password === '')
    throw new AuthError(400, 'validation_failed', 'Signup requires a valid password');
  requireEmail(email);
  requireStrong(password, settings);
}

async function newUser({ email, password, data }: Signup, { settings, now }: Face) {
  return {
    email: email.toLowerCase(),
    encrypted_password: await hashPassword(password),
    raw_app_meta_data: { provider: 'email', providers: ['email'] },
    raw_user_meta_data: data,
    ...(settings.mailer_autoconfirm ? { email_confirmed_at: now } : {}),
  };
}

// A confirmed address must not be told apart from a new one, so the answer is a made-up user.
async function again(
  face: Face,
  known: User,
  redirectTo: string,
): Promise<Record<string, unknown>> {
  if (face.settings.mailer_autoconfirm)
    throw new AuthError(422, 'user_already_exists', 'User already registered');
  if (known.email_confirmed_at !== null)
    return {
      ...shownUser({ ...known, id: randomUUID(), email_confirmed_at: null, last_sign_in_at: null }),
      ...{
        identities: [],
        user_metadata: {},
        role: '',
        created_at: face.now,
        updated_at: face.now,
      },
    };
  return shownUser(await mailToken(face, known, { kind: 'signup', redirectTo }));
}
