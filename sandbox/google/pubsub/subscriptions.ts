import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, ok, param, type Reply } from '../http.ts';
import { dropBacklog } from './backlog.ts';
import { changed, fieldsOf, list, remove, show } from './kind.ts';
import {
  demandPubsub,
  refuseTaken,
  Subscription,
  subscriptionNamed,
  subscriptions,
  topicNamed,
} from './records.ts';

const kind = {
  plural: 'subscriptions',
  singular: 'subscription',
  all: subscriptions,
  named: subscriptionNamed,
} as const;

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
  const wanted = Wanted.parse(fieldsOf(call.body ?? {}));
  demandPubsub(world, call.caller, 'pubsub.topics.attachSubscription', wanted.topic);
  refuseTaken(subscriptions(world).get(name), name);
  topicNamed(world, wanted.topic);
  return keep(world, { ...unset, ...wanted, name });
}

/** GET: one subscription. */
export function getSubscription(world: World, call: Call): Reply {
  return show(world, call, kind);
}

/** GET: the subscriptions of a project. */
export function listSubscriptions(world: World, call: Call): Reply {
  return list(world, call, kind);
}

/** PATCH: all but the topic may change. */
export function patchSubscription(world: World, call: Call): Reply {
  const { before, next } = changed(world, call, kind);
  return keep(world, { ...unset, ...next, name: param(call, 'name'), topic: before.topic });
}

/** DELETE: what waits in it is lost. */
export function deleteSubscription(world: World, call: Call): Reply {
  dropBacklog(world, remove(world, call, kind));
  return ok({});
}

function keep(world: World, fields: object): Reply {
  const subscription = Subscription.parse({ ...fields, state: 'ACTIVE' });
  subscriptions(world).set(subscription.name, subscription);
  return ok(subscription);
}
