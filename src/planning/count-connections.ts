import type { Config } from '../config/config.ts';
import type { ConnectionLimit } from './connection-limit.ts';

type Services = Config['services'];

/**
 * Connections per instance of a service that states no `pool`: psycopg_pool's own default, which is
 * also what the sample's services take.
 */
export const defaultPool = 4;

/** What the instances of one revision may open: `instances` × `pool`. */
export interface RevisionConnections {
  readonly instances: number;
  readonly pool: number;
}

/** The connections of one service: its new revision and the one that runs beside it. */
export interface ServiceConnections {
  readonly service: string;
  readonly now: RevisionConnections | null;
  readonly beside: RevisionConnections;
  readonly sum: number;
}

/** What all services may open at most, held against what the database admits. */
export interface Connections {
  readonly services: readonly ServiceConnections[];
  /** Once the revisions before are gone. */
  readonly steady: number;
  /** During a deploy, while the revisions before still run. */
  readonly sum: number;
  readonly limit: ConnectionLimit;
  readonly over: boolean;
  /** Services of which one revision is already more than the limit. */
  readonly alone: readonly string[];
}

/**
 * Counts `max` instances × `pool` of every service that reads the database, twice: a deploy makes a
 * new revision beside the one in force. That one counts as it is, where it may open more.
 */
export function countConnections(of: {
  readonly now: Services;
  /** The services of the release in force; none before the first. */
  readonly before: Services;
  readonly limit: ConnectionLimit;
}): Connections {
  const { now, before, limit } = of;
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  const services = names.flatMap((name) => serviceConnections(name, now[name], before[name]));
  const steady = services.reduce((sum, one) => sum + product(one.now), 0);
  const sum = services.reduce((total, one) => total + one.sum, 0);
  const alone = services.filter((one) => product(one.now) > limit.usable);
  const over = sum > limit.usable;
  return { services, steady, sum, limit, over, alone: alone.map(({ service }) => service) };
}

function serviceConnections(
  service: string,
  now: Services[string] | undefined,
  before: Services[string] | undefined,
): readonly ServiceConnections[] {
  const [wanted, inForce] = [revisionOf(now), revisionOf(before)];
  const beside = product(inForce) > product(wanted) ? inForce : wanted;
  if (!beside) return [];
  return [{ service, now: wanted, beside, sum: product(wanted) + product(beside) }];
}

function revisionOf(service: Services[string] | undefined): RevisionConnections | null {
  if (!service || !Object.values(service.secrets).includes('database')) return null;
  return { instances: instancesOf(service), pool: service.pool ?? defaultPool };
}

function instancesOf({ kind, max, instances = 1 }: Services[string]): number {
  if (kind === 'job') return 1;
  return kind === 'worker' ? instances : max;
}

/** What a revision may open; 0 where there is none. */
export function product(revision: RevisionConnections | null): number {
  return revision ? revision.instances * revision.pool : 0;
}
