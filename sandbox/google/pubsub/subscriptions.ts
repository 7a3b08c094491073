import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { Fields } from '../fields.ts';
import { dropPolicies } from '../policies.ts';
import { page, patched } from '../wire.ts';
import { dropBacklog } from './backlog.ts';
import {
  demandPubsub,
  refuseTaken,
  Subscription,
  subscriptionNamed,
  subscriptions,
  topicNamed,
} from './records.ts';

// Google's defaults; a policy without a time never expires.
const unset = {
  ackDeadlineSeconds: 10,
  messageRetentionDuration: '604800s',
  expirationPolicy: { ttl: '2678400s' },
  pushConfig: {},
};
const Wanted = z.looseObject({ topic: z.string() });

/** PUT: a new subscription to a topic that is there. */
export function createSubscription(world: World, call: Call): Reply {
  const name = param(call, 'name');
  const project = name.split('/subscriptions/')[0] ?? '';
  demandPubsub(world, call.caller, 'pubsub.subscriptions.create', project);
  const wanted = Wanted.parse(call.body ?? {});
  demandPubsub(world, call.caller, 'pubsub.topics.attachSubscription', wanted.topic);
  refuseTaken(subscriptions(world).get(name), name);
  topicNamed(world, wanted.topic);
  return keep(world, { ...unset, ...wanted, name });
}

/** GET: one subscription. */
export function getSubscription(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.subscriptions.get', name);
  return ok(subscriptionNamed(world, name));
}

/** GET: the subscriptions of a project. */
export function listSubscriptions(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  demandPubsub(world, call.caller, 'pubsub.subscriptions.list', parent);
  const all = subscriptions(world)
    .list()
    .filter(([name]) => name.startsWith(`${parent}/subscriptions/`))
    .map(([, subscription]) => subscription);
  return ok(page('subscriptions', all, call.query));
}

const Change = z.object({ subscription: Fields, updateMask: z.string().optional() });

/** PATCH: the fields that the mask names, in the query or in the body. */
export function patchSubscription(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.subscriptions.update', name);
  const before = subscriptionNamed(world, name);
  const { subscription, updateMask } = Change.parse(call.body ?? {});
  const next = patched(before, subscription, updateMask ?? call.query.get('updateMask'));
  return keep(world, { ...unset, ...next, name, topic: before.topic });
}

/** DELETE: what waits in it is lost. */
export function deleteSubscription(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.subscriptions.delete', name);
  subscriptionNamed(world, name);
  subscriptions(world).delete(name);
  dropBacklog(world, name);
  dropPolicies(world, name);
  return ok({});
}

function keep(world: World, fields: object): Reply {
  const subscription = Subscription.parse({ ...fields, state: 'ACTIVE' });
  subscriptions(world).set(subscription.name, subscription);
  return ok(subscription);
}
