import { z } from 'zod';
import type { Collection, World } from '../world.ts';
import { notFound } from '../google/http.ts';

const Message = z.record(z.string(), z.unknown());

/** One line of `traffic` as the API spells it. */
export const TrafficTarget = z.object({
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().int().min(0).max(100).optional(),
  tag: z.string().optional(),
});
export type TrafficTarget = z.infer<typeof TrafficTarget>;

/** Where a service or a revision stands; `reason` is one of v2's condition reasons. */
export const State = z.object({
  phase: z.enum(['pending', 'ready', 'failed']),
  reason: z.string().optional(),
  message: z.string().optional(),
  at: z.string(),
});
export type State = z.infer<typeof State>;

/** What a Cloud Run service is, apart from its policy; times are RFC 3339. */
export const ServiceRecord = z.object({
  name: z.string(),
  uid: z.string(),
  generation: z.number().int(),
  observedGeneration: z.number().int(),
  createTime: z.string(),
  updateTime: z.string(),
  creator: z.string(),
  lastModifier: z.string(),
  /** The fields that clients own, defaults filled in; `template` and `traffic` among them. */
  spec: Message,
  /** The traffic that really flows: it follows `spec.traffic` when a generation succeeds. */
  served: z.array(TrafficTarget),
  revisionCount: z.number().int(),
  latestCreated: z.string().optional(),
  latestReady: z.string().optional(),
  state: State,
  port: z.number().int(),
  tagPorts: z.record(z.string(), z.number().int()),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;

/** An immutable revision; `fault` is what the sandbox was told to break in it. */
export const RevisionRecord = z.object({
  name: z.string(),
  service: z.string(),
  uid: z.string(),
  generation: z.number().int(),
  createTime: z.string(),
  updateTime: z.string(),
  creator: z.string(),
  template: Message,
  labels: z.record(z.string(), z.string()),
  state: State,
  fault: z.enum(['crash', 'smoke']).optional(),
  /** What Cloud Run itself sets where it is no service's: a job's task, a worker. */
  variables: z.record(z.string(), z.string()).optional(),
});
export type RevisionRecord = z.infer<typeof RevisionRecord>;

/** Every service, by relative name. */
export const services = (world: World): Collection<ServiceRecord> =>
  world.collection('run-services', ServiceRecord);

/** Every revision, by relative name. */
export const revisions = (world: World): Collection<RevisionRecord> =>
  world.collection('run-revisions', RevisionRecord);

/** The service of that relative name, or NOT_FOUND. */
export function serviceNamed(world: World, name: string): ServiceRecord {
  const found = services(world).get(name);
  if (found === undefined)
    throw notFound(
      `Resource '${shortName(name)}' of kind 'SERVICE' in region '${partsOf(name).location}' in project '${partsOf(name).project}' does not exist.`,
    );
  return found;
}

/** The revisions of one service, oldest first. */
export function revisionsOf(world: World, service: string): readonly RevisionRecord[] {
  return revisions(world)
    .list()
    .map(([, revision]) => revision)
    .filter((revision) => revision.service === service)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Changes a stored service and answers it as it is now. */
export function changeService(
  world: World,
  name: string,
  change: Partial<ServiceRecord>,
): ServiceRecord {
  const next = { ...serviceNamed(world, name), ...change };
  services(world).set(name, next);
  return next;
}

/** The last segment of a relative name. */
export const shortName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

/** Project and location of a relative name. */
export function partsOf(name: string): { readonly project: string; readonly location: string } {
  const [, project = '', , location = ''] = name.split('/');
  return { project, location };
}
