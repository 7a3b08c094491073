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
  listTopicSubscriptions,
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

type Handle = (world: World, call: Call) => Reply;

const onTopics: readonly (readonly [method: string, template: string, handle: Handle])[] = [
  ['GET', '{parent=projects/*}/topics', listTopics],
  ['PUT', `{name=${TOPIC}}`, createTopic],
  ['GET', `{name=${TOPIC}}`, getTopic],
  ['PATCH', `{name=${TOPIC}}`, patchTopic],
  ['DELETE', `{name=${TOPIC}}`, deleteTopic],
  ['POST', `{name=${TOPIC}}:publish`, publishTo],
  ['GET', `{topic=${TOPIC}}/subscriptions`, listTopicSubscriptions],
];

const onSubscriptions: typeof onTopics = [
  ['GET', '{parent=projects/*}/subscriptions', listSubscriptions],
  ['PUT', `{name=${SUBSCRIPTION}}`, createSubscription],
  ['GET', `{name=${SUBSCRIPTION}}`, getSubscription],
  ['PATCH', `{name=${SUBSCRIPTION}}`, patchSubscription],
  ['DELETE', `{name=${SUBSCRIPTION}}`, deleteSubscription],
  ['POST', `{name=${SUBSCRIPTION}}:pull`, pull],
  ['POST', `{name=${SUBSCRIPTION}}:acknowledge`, acknowledge],
  ['POST', `{name=${SUBSCRIPTION}}:modifyAckDeadline`, modifyAckDeadline],
];

/** The Pub/Sub API, v1: topics, pull subscriptions and their policies. */
export function pubsubRoutes(world: World): readonly Route[] {
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
    ...[...onTopics, ...onSubscriptions].map(([method, template, handle]): Route => ({
      ...{ method, template: `/v1/${template}` },
      handle: (call) => handle(world, call),
    })),
  ];
}
