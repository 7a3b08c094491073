// People who sign up with a voucher.

import { randomBytes } from 'node:crypto';
import { admin } from './admin.mjs';
import { call, contract, door, expect, supabase, willMake } from './windlass.mjs';

/** A voucher that nobody has; its code is told by no report. */
export async function newVoucher() {
  const path = `/vouchers/${randomBytes(18).toString('base64url')}`;
  await willMake({ service: 'users', path, headers: admin, name: 'a voucher' });
  const made = await call('users', path, { method: 'PUT', headers: admin });
  return expect('An admin makes a voucher', made, 201).code;
}

/** Signs up with a voucher, is refused until the address is confirmed, and signs in then. */
export async function newPerson(name, voucher) {
  const email = contract.mailbox.replace('@', `+voucher-${name}-${contract.run}@`);
  const credentials = { email, password: `${randomBytes(18).toString('base64url')}aA1!` };
  await willMake({ user: email });
  const signUp = await call('users', '/signups', { body: { ...credentials, voucher } });
  expect('A sign-up with a voucher', signUp, 201);
  const early = await signIn(credentials);
  if (early.body.error_code !== 'email_not_confirmed')
    throw new Error(`An unconfirmed user signs in: answered ${early.status}`);
  await confirm(credentials);
  const { access_token: token, user } = expect('A sign-in', await signIn(credentials), 200);
  await willMake({ service: 'users', path: `/profiles/${user.id}`, headers: admin });
  return { id: user.id, token };
}

function signIn(credentials) {
  return supabase('/auth/v1/token?grant_type=password', { body: credentials });
}

async function confirm(credentials) {
  const wanted = { ...credentials, type: 'signup' };
  const link = await door('/auth/v1/admin/generate_link', wanted);
  const token_hash = expect('A link to confirm', link, 200).hashed_token;
  const confirmed = await supabase('/auth/v1/verify', { body: { type: 'signup', token_hash } });
  expect('A confirmation', confirmed, 200);
}
