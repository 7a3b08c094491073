import { z } from 'zod';
import type { World } from '../../world.ts';
import { type Call, invalid, ok, param, type Reply } from '../http.ts';
import { extend, lease, settle } from './backlog.ts';
import { demandPubsub, type Subscription, subscriptionNamed } from './records.ts';

const Wanted = z.object({ maxMessages: z.int().default(0) });

/** POST :pull; Google may wait a while for a first message, the sandbox answers at once. */
export function pull(world: World, call: Call): Reply {
  const subscription = consumed(world, call);
  const { maxMessages } = Wanted.parse(call.body ?? {});
  if (maxMessages < 1)
    throw invalid('You have passed an invalid argument to the service (argument=max_messages).');
  const receivedMessages = lease(world, subscription, maxMessages);
  return ok(receivedMessages.length === 0 ? {} : { receivedMessages });
}

const Acks = z.object({ ackIds: z.array(z.string()).default([]) });

/** POST :acknowledge; after its deadline an acknowledgement may do nothing. */
export function acknowledge(world: World, call: Call): Reply {
  const { name } = consumed(world, call);
  const { ackIds } = Acks.parse(call.body ?? {});
  if (ackIds.length === 0) throw invalid('No ack ids specified.');
  settle(world, name, ackIds);
  return ok({});
}

const Deadline = Acks.extend({ ackDeadlineSeconds: z.int().min(0).max(600).default(0) });

/** POST :modifyAckDeadline. */
export function modifyAckDeadline(world: World, call: Call): Reply {
  const { name } = consumed(world, call);
  const { ackIds, ackDeadlineSeconds } = Deadline.parse(call.body ?? {});
  extend(world, name, ackIds, ackDeadlineSeconds);
  return ok({});
}

function consumed(world: World, call: Call): Subscription {
  const name = param(call, 'name');
  demandPubsub(world, call.caller, 'pubsub.subscriptions.consume', name);
  return subscriptionNamed(world, name);
}
