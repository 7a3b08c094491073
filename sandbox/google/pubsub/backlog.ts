import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import type { Subscription } from './records.ts';
import { subscriptions } from './records.ts';

/** What a publisher sends; `data` is base64. */
export const Message = z.object({
  data: z.string().optional(),
  attributes: z.record(z.string(), z.string()).optional(),
});
export type Message = z.infer<typeof Message>;

// One message in one subscription; `leasedUntil` is in milliseconds since 1970.
const Waiting = z.object({
  subscription: z.string(),
  messageId: z.string(),
  publishTime: z.string(),
  message: Message,
  ackId: z.string().optional(),
  leasedUntil: z.number().default(0),
});
type Waiting = z.infer<typeof Waiting>;

/** Puts a message into every subscription that the topic has now; its id. */
export function publish(world: World, topic: string, message: Message): string {
  const messageId = newId(world);
  const publishTime = world.now().toISOString();
  for (const [subscription, { topic: from }] of subscriptions(world).list())
    if (from === topic)
      backlog(world).set(`${subscription}/${messageId}`, {
        ...{ subscription, messageId, publishTime, message, leasedUntil: 0 },
      });
  return messageId;
}

/** Leases up to `most` messages that nobody else has leased, oldest first. */
export function lease(world: World, subscription: Subscription, most: number): readonly object[] {
  const now = world.now().getTime();
  return kept(world, subscription)
    .filter(({ leasedUntil }) => leasedUntil <= now)
    .slice(0, most)
    .map((waiting) => {
      const ackId = randomBytes(24).toString('base64url');
      const leasedUntil = now + subscription.ackDeadlineSeconds * 1000;
      put(world, { ...waiting, ackId, leasedUntil });
      const { messageId, publishTime, message } = waiting;
      return { ackId, message: { ...message, messageId, publishTime } };
    });
}

/** Forgets the messages that were leased under these ids; an id of an older lease does nothing. */
export function settle(world: World, subscription: string, ackIds: readonly string[]): void {
  for (const waiting of leased(world, subscription, ackIds))
    backlog(world).delete(`${subscription}/${waiting.messageId}`);
}

/** Moves the end of leases to so many seconds from now; 0 gives the messages back. */
export function extend(
  world: World,
  subscription: string,
  ackIds: readonly string[],
  seconds: number,
): void {
  const leasedUntil = world.now().getTime() + seconds * 1000;
  for (const waiting of leased(world, subscription, ackIds))
    put(world, { ...waiting, leasedUntil });
}

/** Forgets all that waits in a subscription. */
export function dropBacklog(world: World, subscription: string): void {
  for (const { messageId } of of(world, subscription))
    backlog(world).delete(`${subscription}/${messageId}`);
}

/** What the subscription's retention still keeps; the rest is forgotten. */
function kept(world: World, { name, messageRetentionDuration }: Subscription): readonly Waiting[] {
  const oldest = world.now().getTime() - Number.parseFloat(messageRetentionDuration) * 1000;
  const young = (waiting: Waiting): boolean => Date.parse(waiting.publishTime) >= oldest;
  const all = of(world, name);
  for (const { messageId } of all.filter((one) => !young(one)))
    backlog(world).delete(`${name}/${messageId}`);
  return all.filter(young);
}

function leased(world: World, subscription: string, ackIds: readonly string[]) {
  const wanted = new Set(ackIds);
  return of(world, subscription).filter(({ ackId }) => ackId !== undefined && wanted.has(ackId));
}

function of(world: World, subscription: string): readonly Waiting[] {
  return backlog(world)
    .list()
    .map(([, waiting]) => waiting)
    .filter((waiting) => waiting.subscription === subscription);
}

function put(world: World, waiting: Waiting): void {
  backlog(world).set(`${waiting.subscription}/${waiting.messageId}`, waiting);
}

function backlog(world: World): Collection<Waiting> {
  return world.collection('pubsub-messages', Waiting);
}

function newId(world: World): string {
  const counter = world.collection('pubsub-counter', z.number());
  const next = (counter.get('messages') ?? 1_000_000) + 1;
  counter.set('messages', next);
  return String(next);
}
