import { z } from 'zod';
import type { World } from '../world.ts';
import { inAccountCurrency } from './billing-accounts.ts';
import { echoRoutes } from './echo-face.ts';
import type { Fields } from './fields.ts';
import { type Call, invalid, type Route } from './http.ts';
import { allows, readPolicy, writePolicy } from './policy-store.ts';
import { topics } from './pubsub/records.ts';
import { freshEtag } from './wire.ts';

/** The account by which Google's budgets publish. */
export const budgetPublisher = 'serviceAccount:billing-budget-alert@system.gserviceaccount.com';

/** The Billing Budgets API, v1; any billing account exists. */
export function budgetRoutes(world: World): readonly Route[] {
  return echoRoutes(world, {
    file: 'budgets',
    version: 'v1',
    parent: 'billingAccounts/*',
    kind: 'budgets',
    permissions: 'billing.budgets',
    id: () => crypto.randomUUID(),
    serverFields: () => ({ etag: freshEtag() }),
    refine: (fields, name) => withCurrency(world, fields, name),
    accept: letPublish,
  });
}

function withCurrency(world: World, fields: Fields, name: string): Fields {
  if (fields['amount'] === undefined) return fields;
  const account = name.split('/').slice(0, 2).join('/');
  return { ...fields, amount: inAccountCurrency(world, account, fields['amount']) };
}

const Notified = z.looseObject({
  notificationsRule: z.looseObject({ pubsubTopic: z.string().optional() }).optional(),
});

/** A budget with a topic lets itself publish there; Google names no reason where it cannot. */
function letPublish(world: World, { caller }: Call, fields: object): void {
  const topic = Notified.parse(fields).notificationsRule?.pubsubTopic;
  if (topic === undefined) return;
  const permitted =
    caller.owner || allows(world, caller.member, 'pubsub.topics.setIamPolicy', topic);
  if (topics(world).get(topic) === undefined || !permitted)
    throw invalid('Request contains an invalid argument.');
  const { bindings = [], ...policy } = readPolicy(world, topic);
  if (bindings.some(({ members }) => members.includes(budgetPublisher))) return;
  const binding = { role: 'roles/pubsub.publisher', members: [budgetPublisher] };
  writePolicy(world, topic, { ...policy, bindings: [...bindings, binding] });
}
