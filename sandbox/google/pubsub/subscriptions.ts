import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { dropBacklog } from './backlog.ts';
import { page } from '../wire.ts';
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
const Named = z.looseObject({ name: z.string() });
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

/** GET: the names of a topic's subscriptions. */
export function listTopicSubscriptions(world: World, call: Call): Reply {
  const topic = param(call, 'topic');
  demandPubsub(world, call.caller, 'pubsub.topics.listSubscriptions', topic);
  topicNamed(world, topic);
  const those = subscriptions(world)
    .list()
    .filter(([, subscription]) => subscription.topic === topic)
    .map(([, subscription]) => subscription);
  const { subscriptions: shown = [], ...rest } = page('subscriptions', those, call.query);
  return ok({
    ...rest,
    subscriptions: z
      .array(Named)
      .parse(shown)
      .map(({ name }) => name),
  });
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
  const sent = Subscription.parse({ ...fields, state: 'ACTIVE' });
  const subscription = { ...sent, ackDeadlineSeconds: deadline(sent.ackDeadlineSeconds) };
  subscriptions(world).set(subscription.name, subscription);
  return ok(subscription);
}

/** Seconds; 0 stands for the default of 10, and Pub/Sub takes 10 to 600. */
function deadline(seconds: number): number {
  if (seconds === 0) return unset.ackDeadlineSeconds;
  if (seconds >= 10 && seconds <= 600) return seconds;
  throw invalid(
    `Invalid subscription ack deadline: (ack_deadline_seconds=${seconds}). Must be between 10 and 600 seconds.`,
  );
}
