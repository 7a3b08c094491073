import type { World } from '../world.ts';
import type { Call, Reply, Route } from './http.ts';
import { policyVerbs } from './policies.ts';
import { acknowledge, modifyAckDeadline, pull } from './pubsub/pull.ts';
import { subscriptions, topics } from './pubsub/records.ts';
import {
  createSubscription,
  deleteSubscription,
  getSubscription,
  listSubscriptions,
  patchSubscription,
} from './pubsub/subscriptions.ts';
import {
  createTopic,
  deleteTopic,
  getTopic,
  listTopics,
  patchTopic,
  publishTo,
} from './pubsub/topics.ts';

const TOPIC = 'projects/*/topics/*';
const SUBSCRIPTION = 'projects/*/subscriptions/*';

/** The Pub/Sub API, v1: topics, pull subscriptions and their policies. */
export function pubsubRoutes(world: World): readonly Route[] {
  const route = (
    method: string,
    template: string,
    handle: (world: World, call: Call) => Reply,
  ): Route => ({ method, template: `/v1/${template}`, handle: (call) => handle(world, call) });
  return [
    ...policies(world),
    route('GET', '{parent=projects/*}/topics', listTopics),
    route('PUT', `{name=${TOPIC}}`, createTopic),
    route('GET', `{name=${TOPIC}}`, getTopic),
    route('PATCH', `{name=${TOPIC}}`, patchTopic),
    route('DELETE', `{name=${TOPIC}}`, deleteTopic),
    route('POST', `{name=${TOPIC}}:publish`, publishTo),
    route('GET', '{parent=projects/*}/subscriptions', listSubscriptions),
    route('PUT', `{name=${SUBSCRIPTION}}`, createSubscription),
    route('GET', `{name=${SUBSCRIPTION}}`, getSubscription),
    route('PATCH', `{name=${SUBSCRIPTION}}`, patchSubscription),
    route('DELETE', `{name=${SUBSCRIPTION}}`, deleteSubscription),
    route('POST', `{name=${SUBSCRIPTION}}:pull`, pull),
    route('POST', `{name=${SUBSCRIPTION}}:acknowledge`, acknowledge),
    route('POST', `{name=${SUBSCRIPTION}}:modifyAckDeadline`, modifyAckDeadline),
  ];
}

function policies(world: World): readonly Route[] {
  return [
    ...policyVerbs(world, {
      template: `/v1/{resource=${TOPIC}}`,
      permissions: 'pubsub.topics',
      exists: (name) => topics(world).get(name) !== undefined,
    }),
    ...policyVerbs(world, {
      template: `/v1/{resource=${SUBSCRIPTION}}`,
      permissions: 'pubsub.subscriptions',
      exists: (name) => subscriptions(world).get(name) !== undefined,
    }),
  ];
}
