import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { Fields } from '../fields.ts';
import { dropPolicies } from '../policies.ts';
import { page, patched } from '../wire.ts';
import { Message, publish } from './backlog.ts';
import {
  demandPubsub,
  refuseTaken,
  subscriptions,
  type Topic,
  topicNamed,
  topics,
} from './records.ts';

/** PUT: a new topic. */
export function createTopic(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.create', name.split('/topics/')[0] ?? '');
  refuseTaken(topics(world).get(name), name);
  return keep(world, { ...Fields.parse(call.body ?? {}), name });
}

/** GET: one topic. */
export function getTopic(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.get', name);
  return ok(topicNamed(world, name));
}

/** GET: the topics of a project. */
export function listTopics(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  demandPubsub(world, call.caller, 'pubsub.topics.list', parent);
  const all = topics(world)
    .list()
    .filter(([name]) => name.startsWith(`${parent}/topics/`))
    .map(([, topic]) => topic);
  return ok(page('topics', all, call.query));
}

const Change = z.object({ topic: Fields, updateMask: z.string().optional() });

/** PATCH: the fields that the mask names, in the query or in the body. */
export function patchTopic(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.update', name);
  const { topic, updateMask } = Change.parse(call.body ?? {});
  const mask = updateMask ?? call.query.get('updateMask');
  return keep(world, { ...patched(topicNamed(world, name), topic, mask), name });
}

/** DELETE: its subscriptions stay, without a topic. */
export function deleteTopic(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.delete', name);
  topicNamed(world, name);
  topics(world).delete(name);
  dropPolicies(world, name);
  for (const [key, subscription] of subscriptions(world).list())
    if (subscription.topic === name)
      subscriptions(world).set(key, { ...subscription, topic: '_deleted-topic_' });
  return ok({});
}

const Publication = z.object({ messages: z.array(Message).default([]) });

/** POST :publish. */
export function publishTo(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.publish', name);
  topicNamed(world, name);
  const { messages } = Publication.parse(call.body ?? {});
  if (messages.length === 0) throw invalid('The value for message_count is too small.');
  return ok({ messageIds: messages.map((message) => publish(world, name, message)) });
}

function keep(world: World, topic: Topic): Reply {
  topics(world).set(topic.name, topic);
  return ok(topic);
}
