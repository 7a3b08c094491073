import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { Message, publish } from './backlog.ts';
import { changed, fieldsOf, list, remove, show } from './kind.ts';
import {
  demandPubsub,
  refuseTaken,
  subscriptions,
  type Topic,
  topicNamed,
  topics,
} from './records.ts';

const kind = { plural: 'topics', singular: 'topic', all: topics, named: topicNamed } as const;

/** PUT: a new topic. */
export function createTopic(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.topics.create', name.split('/topics/')[0] ?? '');
  refuseTaken(topics(world).get(name), name);
  return keep(world, { ...fieldsOf(call.body ?? {}), name });
}

/** GET: one topic. */
export function getTopic(world: World, call: Call): Reply {
  return show(world, call, kind);
}

/** GET: the topics of a project. */
export function listTopics(world: World, call: Call): Reply {
  return list(world, call, kind);
}

/** PATCH. */
export function patchTopic(world: World, call: Call): Reply {
  const { next } = changed(world, call, kind);
  return keep(world, { ...next, name: param(call, 'name') });
}

/** DELETE: its subscriptions stay, without a topic. */
export function deleteTopic(world: World, call: Call): Reply {
  const name = remove(world, call, kind);
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
