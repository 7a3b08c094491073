import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Site } from '../site.ts';
import { adminDeleteUser, authSettings, generateLink, signIn, verify } from '../supabase/auth.ts';
import type { Credentials } from '../supabase/auth.ts';
import { doorOf } from '../supabase/door.ts';
import type { Door } from '../supabase/door.ts';
import { ask, expectStatus, smokeFailure } from './ask.ts';
import { checkOwnRows } from './own-rows.ts';
import type { Reach } from './reach.ts';
import { redeemThrough } from './redeem.ts';
import { lifetimeOf } from './token-lifetime.ts';

interface Flow {
  readonly ref: string;
  readonly reaches: readonly Reach[];
}

/**
 * The way of an alpha user: a voucher is made, a sign-up waits for its confirmation, the sign-in
 * lasts as long as stated, the voucher is redeemed once, and nobody sees another's rows. All that
 * it made is removed, also when it fails. Skipped where no service `users` is deployed.
 */
export async function checkVoucherFlow(site: Site, { ref, reaches }: Flow): Promise<string[]> {
  const users = reaches.find(({ name }) => name === 'users');
  const gateway = reaches.find(({ name }) => site.config.services[name]?.public);
  if (!users || !gateway) return [];
  const door = await doorOf(site.supabase, ref);
  const found = [await checkSettings(site, door)];
  const made = new Made(users, door);
  try {
    const voucher = await made.voucher();
    const person = await made.person(voucher);
    const signedIn = await confirm(door, person, made);
    found.push(checkLifetime(site, signedIn.token));
    await redeemThrough(gateway, signedIn.token, voucher);
    const other = await made.person(await made.voucher());
    const stranger = await confirm(door, other, made);
    found.push(await checkOwnRows(door, { owner: signedIn, stranger }));
    return [
      ...found,
      'vouchers: made, signed up, confirmed, redeemed once, refused twice, removed',
    ];
  } finally {
    await made.removeAll();
  }
}

interface Person {
  readonly userId: string;
  readonly token: string;
}

async function checkSettings(site: Site, door: Door): Promise<string> {
  const { autoconfirm } = await authSettings(door);
  const wanted = site.environment.supabase.settings.mailer_autoconfirm;
  if (autoconfirm !== wanted)
    throw smokeFailure('Auth does not ask for e-mail confirmation as stated', `is ${autoconfirm}`);
  return `auth: e-mail confirmation ${wanted ? 'off' : 'on'}`;
}

/** A sign-in must be refused before the confirmation and work after it. */
async function confirm(door: Door, person: Credentials, made: Made): Promise<Person> {
  const early = await signIn(door, person);
  if (early.signedIn || early.code !== 'email_not_confirmed')
    throw smokeFailure('An unconfirmed user can sign in', JSON.stringify({ ...early, token: '' }));
  const { tokenHash } = await generateLink(door, { ...person, type: 'signup' });
  await verify(door, { token_hash: tokenHash, type: 'signup' });
  const late = await signIn(door, person);
  if (!late.signedIn) throw smokeFailure('A confirmed user cannot sign in', late.code);
  made.remember(late.userId);
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

const Code = z.object({ code: z.string() });

/** What the flow made, so that it can be removed in any case. */
class Made {
  readonly #users: Reach;
  readonly #door: Door;
  readonly #vouchers: string[] = [];
  readonly #people: string[] = [];

  constructor(users: Reach, door: Door) {
    this.#users = users;
    this.#door = door;
  }

  async voucher(): Promise<string> {
    const said = await this.#asAdmin('/vouchers', 'POST');
    const { code } = Code.parse(expectStatus('No voucher can be made', said, 201).body);
    this.#vouchers.push(code);
    return code;
  }

  async person(voucher: string): Promise<Credentials> {
    const name = randomBytes(6).toString('hex');
    const email = `smoke-${name}@example.com`;
    const password = randomBytes(18).toString('base64url');
    const said = await ask(this.#users, { path: '/signups', body: { email, password, voucher } });
    expectStatus('A sign-up with a voucher is refused', said, 201);
    return { email, password };
  }

  remember(userId: string): void {
    this.#people.push(userId);
  }

  async removeAll(): Promise<void> {
    for (const id of this.#people) {
      await this.#asAdmin(`/profiles/${id}`, 'DELETE');
      await adminDeleteUser(this.#door, id);
    }
    for (const code of this.#vouchers) await this.#asAdmin(`/vouchers/${code}`, 'DELETE');
  }

  #asAdmin(path: string, method: string) {
    const headers = { 'x-user-token': this.#door.serviceRoleKey };
    return ask(this.#users, { path, method, headers });
  }
}
