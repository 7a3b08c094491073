import { z } from 'zod';
import { ask, smokeFailure } from './ask.ts';
import type { Reach } from './reach.ts';

const mutation = 'mutation ($code: String!) { redeemVoucher(code: $code) { redeemedAt } }';

const Graph = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

/** Redeems a voucher through the gateway as its user; a second time must be refused. */
export async function redeemThrough(gateway: Reach, token: string, code: string): Promise<void> {
  const first = await redeem(gateway, token, code);
  if (first !== undefined) throw smokeFailure('A voucher cannot be redeemed', first);
  const second = await redeem(gateway, token, code);
  if (second === undefined)
    throw smokeFailure('A voucher can be redeemed twice', 'the gateway did not refuse it');
}

/** The refusal; undefined where it was redeemed. */
async function redeem(gateway: Reach, token: string, code: string): Promise<string | undefined> {
  const { status, body } = await ask(gateway, {
    path: '/graphql',
    body: { query: mutation, variables: { code } },
    headers: { authorization: `Bearer ${token}` },
  });
  const graph = Graph.safeParse(body);
  if (!graph.success) return `HTTP ${status}: ${JSON.stringify(body).slice(0, 300)}`;
  return graph.data.errors?.map(({ message }) => message).join('; ');
}
