import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { adminDeleteUser, findUserId } from '../supabase/auth.ts';
import type { Credentials } from '../supabase/auth.ts';
import type { Door } from '../supabase/door.ts';
import { ask, expectStatus, smokeFailure } from './ask.ts';
import type { Said } from './ask.ts';
import type { Reach } from './reach.ts';

const Code = z.object({ code: z.string() });

/** How many people a flow makes at most, each with a voucher. */
const people = 2;

/**
 * What the voucher flow makes, so that it can be removed in any case. Addresses and codes come from
 * the run, so that another attempt finds what an earlier one left behind when it was killed.
 */
export class Made {
  readonly #users: Reach;
  readonly #door: Door;
  readonly #emails: readonly string[];
  readonly #codes: readonly string[];
  /** Codes that the service chose itself. */
  readonly #others: string[] = [];
  #next = 0;
  #nextCode = 0;

  constructor(users: Reach, door: Door, runId: string) {
    this.#users = users;
    this.#door = door;
    const name = runId.replaceAll(/[^a-z0-9]/g, '').slice(0, 16);
    this.#emails = Array.from({ length: people }, (_, at) => `smoke-${name}-${at}@example.com`);
    this.#codes = this.#emails.map((email) => secretCode(door.serviceRoleKey, email));
  }

  async voucher(): Promise<string> {
    const wanted = this.#codes[this.#nextCode] ?? '';
    this.#nextCode += 1;
    const chosen = await this.#asAdmin(`/vouchers/${wanted}`, 'PUT');
    // A release that knows no chosen codes.
    const said = chosen.status === 405 ? await this.#asAdmin('/vouchers', 'POST') : chosen;
    const { code } = Code.parse(expectStatus('No voucher can be made', said, 201).body);
    if (code !== wanted) this.#others.push(code);
    return code;
  }

  async person(voucher: string): Promise<Credentials> {
    const email = this.#emails[this.#next] ?? '';
    this.#next += 1;
    const password = randomBytes(18).toString('base64url');
    const said = await ask(this.#users, { path: '/signups', body: { email, password, voucher } });
    expectStatus('A sign-up with a voucher is refused', said, 201);
    return { email, password };
  }

  /** Removes everything, each part whatever became of the others; a Failure names what stays. */
  async removeAll(): Promise<void> {
    const parts = [
      ...this.#emails.map((email) => ({ what: email, remove: () => this.#removePerson(email) })),
      ...[...this.#codes, ...this.#others].map((code) => ({
        what: 'a voucher',
        remove: () => this.#removeVoucher(code),
      })),
    ];
    const ended = await Promise.allSettled(parts.map(({ remove }) => persistently(remove)));
    const stays = parts.flatMap(({ what }, index) =>
      ended[index]?.status === 'rejected' ? [what] : [],
    );
    if (stays.length === 0) return;
    throw smokeFailure('The smoke test cannot remove what it made', `left: ${stays.join(', ')}`);
  }

  async #removePerson(email: string): Promise<void> {
    const id = await findUserId(this.#door, email);
    if (id === undefined) return;
    expectGone(await this.#asAdmin(`/profiles/${id}`, 'DELETE'));
    await adminDeleteUser(this.#door, id);
  }

  async #removeVoucher(code: string): Promise<void> {
    expectGone(await this.#asAdmin(`/vouchers/${code}`, 'DELETE'));
  }

  #asAdmin(path: string, method: string): Promise<Said> {
    const headers = { 'x-user-token': this.#door.serviceRoleKey };
    return ask(this.#users, { path, method, headers });
  }
}

/** Again after pauses: the database may just have ended the service's connections. */
async function persistently(remove: () => Promise<void>): Promise<void> {
  for (const wait of pausesMs) {
    try {
      return await remove();
    } catch {
      await pause(wait);
    }
  }
  return remove();
}

const pausesMs = [500, 2000, 5000];

/** Nobody can tell it from the run, who does not have the key. */
function secretCode(key: string, name: string): string {
  return createHmac('sha256', key).update(`voucher of ${name}`).digest('base64url').slice(0, 24);
}

function expectGone(said: Said): void {
  if (said.status !== 404) expectStatus('Something cannot be removed', said, 200);
}
