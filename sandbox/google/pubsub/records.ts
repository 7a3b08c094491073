import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { type Caller, GoogleError, notFound } from '../http.ts';
import { allows } from '../policies.ts';
import { projectNamed } from '../projects.ts';

/** A topic as the API shows it. */
export const Topic = z.looseObject({ name: z.string() });
export type Topic = z.infer<typeof Topic>;

/** A subscription as the API shows it; durations are written as `600s`. */
export const Subscription = z.looseObject({
  name: z.string(),
  topic: z.string(),
  ackDeadlineSeconds: z.number(),
  messageRetentionDuration: z.string(),
});
export type Subscription = z.infer<typeof Subscription>;

/** Every topic, by `projects/p/topics/t`. */
export function topics(world: World): Collection<Topic> {
  return world.collection('pubsub-topics', Topic);
}

/** Every subscription, by `projects/p/subscriptions/s`. */
export function subscriptions(world: World): Collection<Subscription> {
  return world.collection('pubsub-subscriptions', Subscription);
}

/** The topic, or NOT_FOUND in Google's words. */
export function topicNamed(world: World, name: string): Topic {
  return topics(world).get(name) ?? missing(name);
}

/** The subscription, or NOT_FOUND in Google's words. */
export function subscriptionNamed(world: World, name: string): Subscription {
  return subscriptions(world).get(name) ?? missing(name);
}

/** Refuses the second of one name, as PUT here only creates. */
export function refuseTaken(taken: unknown, name: string): void {
  if (taken === undefined) return;
  const message = `Resource already exists in the project (resource=${lastOf(name)}).`;
  throw new GoogleError('ALREADY_EXISTS', message);
}

/** Pub/Sub's own words for who may not, and for a project that is not there. */
export function demandPubsub(
  world: World,
  caller: Caller,
  permission: string,
  resource: string,
): void {
  const project = resource.split('/').slice(0, 2).join('/');
  if (projectNamed(world, project) === undefined)
    throw notFound(
      `Requested project not found or user does not have access to it (project=${lastOf(project)}).`,
    );
  if (caller.owner || allows(world, caller.member, permission, resource)) return;
  throw new GoogleError('PERMISSION_DENIED', 'User not authorized to perform this action.');
}

function missing(name: string): never {
  throw notFound(`Resource not found (resource=${lastOf(name)}).`);
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
