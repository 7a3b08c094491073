import type { Site } from '../site.ts';
import { authSettings, generateLink, signIn, verify } from '../supabase/auth.ts';
import type { Credentials } from '../supabase/auth.ts';
import { doorOf } from '../supabase/door.ts';
import type { Door } from '../supabase/door.ts';
import { checkAccess } from './access.ts';
import type { Person } from '../row-security/probe-access.ts';
import { smokeFailure } from './ask.ts';
import { Made } from './made.ts';
import { checkOwnRows } from './own-rows.ts';
import type { Reach } from './reach.ts';
import { redeemThrough } from './redeem.ts';
import { lifetimeOf } from './token-lifetime.ts';

interface Flow {
  readonly ref: string;
  readonly runId: string;
  readonly reaches: readonly Reach[];
}

/**
 * The way of an alpha user: a voucher is made, a sign-up waits for its confirmation, the sign-in
 * lasts as long as stated, the voucher is redeemed once, and nobody sees another's rows. All that
 * it made is removed, also when it fails. Skipped where no service `users` is deployed.
 */
export async function checkVoucherFlow(
  site: Site,
  { ref, runId, reaches }: Flow,
): Promise<string[]> {
  const users = reaches.find(({ name }) => name === 'users');
  const gateway = reaches.find(({ name }) => site.config.services[name]?.public);
  if (!users || !gateway) return [];
  const door = await doorOf(site.supabase, ref);
  const found = [await checkSettings(site, door)];
  const made = new Made(users, door, runId);
  await made.removeAll(); // what an earlier attempt of this run may have left
  try {
    const voucher = await made.voucher();
    const person = await made.person(voucher);
    const signedIn = await confirm(door, person);
    found.push(checkLifetime(site, signedIn.token));
    await redeemThrough(gateway, signedIn.token, voucher);
    const other = await made.person(await made.voucher());
    const stranger = await confirm(door, other);
    found.push(await checkOwnRows(door, { owner: signedIn, stranger }));
    found.push(await checkAccess(site, door, [signedIn, stranger]));
  } catch (error) {
    // The first failure is the one to tell.
    await made.removeAll().catch(() => undefined);
    throw error;
  }
  await made.removeAll();
  return [...found, 'vouchers: made, signed up, confirmed, redeemed once, refused twice, removed'];
}

async function checkSettings(site: Site, door: Door): Promise<string> {
  const { autoconfirm } = await authSettings(door);
  const wanted = site.environment.supabase.settings.mailer_autoconfirm;
  if (autoconfirm !== wanted)
    throw smokeFailure('Auth does not ask for e-mail confirmation as stated', `is ${autoconfirm}`);
  return `auth: e-mail confirmation ${wanted ? 'off' : 'on'}`;
}

/** A sign-in must be refused before the confirmation and work after it. */
async function confirm(door: Door, person: Credentials): Promise<Person> {
  const early = await signIn(door, person);
  if (early.signedIn || early.code !== 'email_not_confirmed')
    throw smokeFailure('An unconfirmed user can sign in', JSON.stringify({ ...early, token: '' }));
  const { tokenHash } = await generateLink(door, { ...person, type: 'signup' });
  await verify(door, { token_hash: tokenHash, type: 'signup' });
  const late = await signIn(door, person);
  if (!late.signedIn) throw smokeFailure('A confirmed user cannot sign in', late.code);
  return late;
}

function checkLifetime(site: Site, token: string): string {
  const seconds = lifetimeOf(token);
  const wanted = site.environment.supabase.settings.jwt_exp;
  if (seconds !== wanted)
    throw smokeFailure(
      'A sign-in does not last as long as stated',
      `${seconds} s, not ${wanted} s`,
    );
  return `auth: a sign-in lasts ${seconds} s`;
}
