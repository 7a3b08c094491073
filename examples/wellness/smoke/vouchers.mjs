// The way of an alpha user: a voucher is made, opens one sign-up, and is redeemed once; nobody sees
// another's rows.

import { newPerson, newVoucher } from './people.mjs';
import { call, supabase } from './windlass.mjs';

const voucher = await newVoucher();
const owner = await newPerson('owner', voucher);
const refused = await redeem(owner, voucher);
if (refused) throw new Error(`A voucher cannot be redeemed: ${refused}`);
if (!(await redeem(owner, voucher))) throw new Error('A voucher can be redeemed twice');

const stranger = await newPerson('stranger', await newVoucher());
await sees(owner, 1);
await sees(stranger, 0);

console.log('made, signed up, confirmed, redeemed once, refused twice; own rows seen alone');

/** Redeems through the gateway as its user; the words of the refusal, if there is one. */
async function redeem({ token }, code) {
  const query = 'mutation ($code: String!) { redeemVoucher(code: $code) { redeemedAt } }';
  const { status, body } = await call('gateway', '/graphql', {
    body: { query, variables: { code } },
    headers: { authorization: `Bearer ${token}` },
  });
  // GraphQL's own answer, whatever its status: a refusal comes with 400.
  if (typeof body !== 'object' || !('data' in body))
    throw new Error(`The gateway answered ${status}: ${JSON.stringify(body)}`);
  return body.errors?.map(({ message }) => message).join('; ');
}

/** Through the REST door somebody sees so many profiles of the owner. */
async function sees({ token }, wanted) {
  const path = `/rest/v1/profiles?select=user_id&user_id=eq.${owner.id}`;
  const { status, body } = await supabase(path, { token, headers: { 'accept-profile': 'users' } });
  if (Array.isArray(body) && body.length === wanted) return;
  throw new Error(`The REST door shows ${JSON.stringify(body)} (${status}), not ${wanted} rows`);
}
