import { createHash, randomBytes } from 'node:crypto';
import type { Person } from '../row-security/probe-access.ts';
import type { Site } from '../site.ts';
import { authSettings, generateLink, signIn, verify } from '../supabase/auth.ts';
import type { Credentials } from '../supabase/auth.ts';
import type { Door } from '../supabase/door.ts';
import { smokeFailure } from './ask.ts';
import { addressAt, mailboxOf } from './mailbox.ts';
import type { Register } from './register.ts';
import { lifetimeOf } from './token-lifetime.ts';

type Stated = Pick<Site, 'environment'>;

interface SignedIn {
  readonly people: readonly Person[];
  readonly found: readonly string[];
}

/** How many people try the doors: one has to stay out of the other's rows. */
const count = 2;

/**
 * Auth is as windlass.yaml states it: who has not confirmed the address is refused where that is
 * asked for, and a sign-in lasts as long as it should. Answers the people who did sign in.
 */
export async function checkSignIns(
  site: Stated,
  door: Door,
  { register, runId }: { readonly register: Register; readonly runId: string },
): Promise<SignedIn> {
  const { mailer_autoconfirm: open } = site.environment.supabase.settings;
  const { autoconfirm } = await authSettings(door);
  if (autoconfirm !== open)
    throw smokeFailure(
      'The e-mail confirmation setting of Auth differs from windlass.yaml',
      `is ${autoconfirm}`,
    );
  const people: Person[] = [];
  for (let at = 0; at < count; at += 1) {
    const credentials = credentialsOf(mailboxOf(site), runId, at);
    await register.add({ user: credentials.email });
    people.push(await signedIn(door, credentials, open));
  }
  const lifetimes = people.map(({ token }) => checkLifetime(site, token));
  const found = [`auth: e-mail confirmation ${open ? 'off' : 'on'}`, ...lifetimes.slice(0, 1)];
  return { people, found };
}

/** A sign-in must be refused before the confirmation, where one is asked for, and work after it. */
async function signedIn(door: Door, person: Credentials, open: boolean): Promise<Person> {
  const { tokenHash } = await generateLink(door, { ...person, type: 'signup' });
  const early = open ? undefined : await signIn(door, person);
  if (early && (early.signedIn || early.code !== 'email_not_confirmed'))
    throw smokeFailure('An unconfirmed user can sign in', JSON.stringify({ ...early, token: '' }));
  await verify(door, { token_hash: tokenHash, type: 'signup' });
  const late = await signIn(door, person);
  if (!late.signedIn) throw smokeFailure('A confirmed user cannot sign in', late.code);
  return late;
}

/** The address is nobody's; the password has every kind of character that Auth can ask for. */
function credentialsOf(mailbox: string, runId: string, at: number): Credentials {
  const name = createHash('sha256').update(runId).digest('hex').slice(0, 16);
  const password = `${randomBytes(18).toString('base64url')}aA1!`;
  return { email: addressAt(mailbox, `${name}-${at}`), password };
}

function checkLifetime({ environment }: Stated, token: string): string {
  const seconds = lifetimeOf(token);
  const wanted = environment.supabase.settings.jwt_exp;
  if (seconds === wanted) return `auth: a sign-in lasts ${seconds} s`;
  const why = `${seconds} s, not ${wanted} s`;
  throw smokeFailure('The lifetime of a sign-in differs from windlass.yaml', why);
}
