import { z } from 'zod';
import { callDoor } from './door.ts';
import type { Door, DoorAnswer, DoorCall } from './door.ts';
import type { Waiting } from './access.ts';
import { messageOf } from './client.ts';
import { refused, strangeAnswer } from './refusal.ts';

/** Who signs up or in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A sign-in, or Auth's refusal by its code (`email_not_confirmed`, `invalid_credentials`, …). */
export type SignIn =
  | { readonly signedIn: true; readonly token: string; readonly userId: string }
  | { readonly signedIn: false; readonly status: number; readonly code: string };

/** The public settings of the project's Auth. */
export async function authSettings(
  door: Door,
  waiting: Waiting = {},
): Promise<{ readonly autoconfirm: boolean; readonly signupDisabled: boolean }> {
  const answer = await ask(door, { path: '/auth/v1/settings' }, waiting);
  const said = z.object({ mailer_autoconfirm: z.boolean(), disable_signup: z.boolean() });
  const { mailer_autoconfirm: autoconfirm, disable_signup: signupDisabled } = understood(
    'read the public settings',
    said,
    answer,
  );
  return { autoconfirm, signupDisabled };
}

/** Signs a new user up as anybody may. */
export async function signUp(
  door: Door,
  body: Credentials,
  waiting: Waiting = {},
): Promise<{ readonly userId: string }> {
  const answer = await ask(door, { path: '/auth/v1/signup', body }, waiting);
  return { userId: understood('sign up', SignedUp, answer) };
}

/** Makes the confirmation link that the e-mail would carry; needs the service role. */
export async function generateLink(
  door: Door,
  link: Credentials & { readonly type: 'signup' },
  waiting: Waiting = {},
): Promise<{ readonly tokenHash: string }> {
  const path = '/auth/v1/admin/generate_link';
  const answer = await ask(door, { path, body: link, as: 'service_role' }, waiting);
  return { tokenHash: understood('make a link', Link, answer).hashed_token };
}

/** Confirms an e-mail address by the hash of its link. */
export async function verify(
  door: Door,
  body: { readonly token_hash: string; readonly type: 'signup' },
  waiting: Waiting = {},
): Promise<void> {
  await ask(door, { path: '/auth/v1/verify', body }, waiting);
}

/** Signs in with a password; a refusal is an answer, not an error. */
export async function signIn(
  door: Door,
  body: Credentials,
  waiting: Waiting = {},
): Promise<SignIn> {
  const path = '/auth/v1/token?grant_type=password';
  const { status, body: answer } = await callDoor(door, { path, body }, waiting);
  if (status === 200) {
    const { access_token: token, user } = understood('sign in', Session, answer);
    return { signedIn: true, token, userId: user.id };
  }
  if (status >= 500 || status === 429) throw refusedAt({ path }, { status, body: answer });
  return { signedIn: false, status, code: understood('sign in', Refused, answer).error_code };
}

/** Removes a user for good; one that is gone already is a success. */
export async function adminDeleteUser(
  door: Door,
  userId: string,
  waiting: Waiting = {},
): Promise<void> {
  const path = `/auth/v1/admin/users/${userId}`;
  const call: DoorCall = { path, method: 'DELETE', as: 'service_role' };
  const answer = await callDoor(door, call, waiting);
  if (answer.status !== 404 && answer.status >= 300) throw refusedAt(call, answer);
}

/** With confirmation required the user is the answer itself, without it is in the session. */
const SignedUp = z.union([
  z.object({ user: z.object({ id: z.string() }) }).transform(({ user }) => user.id),
  z.object({ id: z.string() }).transform(({ id }) => id),
]);
const Link = z.object({ hashed_token: z.string() });
const Session = z.object({ access_token: z.string(), user: z.object({ id: z.string() }) });
const Refused = z.object({ error_code: z.string().default('unknown') });

async function ask(door: Door, call: DoorCall, waiting: Waiting): Promise<unknown> {
  const answer = await callDoor(door, call, waiting);
  if (answer.status >= 300) throw refusedAt(call, answer);
  return answer.body;
}

function refusedAt({ path }: DoorCall, { status, body }: DoorAnswer): Error {
  const message = messageOf(typeof body === 'string' ? body : JSON.stringify(body));
  return refused({ action: `answer ${path}`, http: status, message });
}

function understood<T>(action: string, schema: z.ZodType<T>, answer: unknown): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw strangeAnswer(action, read.error);
}
