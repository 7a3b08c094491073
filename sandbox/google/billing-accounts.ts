import { z } from 'zod';
import type { World } from '../world.ts';
import { type Call, invalid, ok, param, type Reply, type Route } from './http.ts';
import { demand } from './policies.ts';

const BillingAccount = z.object({ currencyCode: z.string().regex(/^[A-Z]{3}$/) });
const Amount = z.looseObject({
  specifiedAmount: z.looseObject({ currencyCode: z.string().optional() }).optional(),
});

/** Any billing account exists; its currency is USD unless `/_sandbox/billingAccounts/ID` says else. */
export function billingAccountRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', template: '/v1/{name=billingAccounts/*}', handle: (call) => get(world, call) },
    {
      ...{ method: 'PUT', template: '/_sandbox/{name=billingAccounts/*}' },
      handle(call) {
        accounts(world).set(param(call, 'name'), BillingAccount.parse(call.body));
        return ok(accounts(world).get(param(call, 'name')));
      },
    },
  ];
}

/** A budget's amount in the currency of its account: left out, Google takes that; another it refuses. */
export function inAccountCurrency(world: World, account: string, amount: unknown): unknown {
  const read = Amount.safeParse(amount).data;
  if (read?.specifiedAmount === undefined) return amount;
  const { currencyCode } = billingAccount(world, account);
  const { specifiedAmount } = read;
  if ((specifiedAmount.currencyCode ?? '') === '')
    return { ...read, specifiedAmount: { ...specifiedAmount, currencyCode } };
  if (specifiedAmount.currencyCode === currencyCode) return amount;
  throw invalid('Request contains an invalid argument.'); // Google says no more than that
}

function get(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'billing.accounts.get', name);
  return ok({ name, open: true, displayName: name, ...billingAccount(world, name) });
}

const billingAccount = (world: World, name: string): z.infer<typeof BillingAccount> =>
  accounts(world).get(name) ?? { currencyCode: 'USD' };

const accounts = (world: World) => world.collection('billing-accounts', BillingAccount);
