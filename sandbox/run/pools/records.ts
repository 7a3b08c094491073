import { z } from 'zod';
import { notFound } from '../../google/http.ts';
import type { Collection, World } from '../../world.ts';
import { partsOf, shortName, State } from '../records.ts';

/** How the instances of a worker pool are shared out between its revisions, as the API spells it. */
export const InstanceSplit = z.object({
  type: z.string().optional(),
  revision: z.string().optional(),
  percent: z.number().int().min(0).max(100).optional(),
});
export type InstanceSplit = z.infer<typeof InstanceSplit>;

/** What a Cloud Run worker pool is, apart from its policy; times are RFC 3339. */
export const PoolRecord = z.object({
  name: z.string(),
  uid: z.string(),
  generation: z.number().int(),
  createTime: z.string(),
  updateTime: z.string(),
  creator: z.string(),
  lastModifier: z.string(),
  /** The fields that clients own, defaults filled in. */
  spec: z.record(z.string(), z.unknown()),
  revisionCount: z.number().int(),
  latestCreated: z.string().optional(),
  latestReady: z.string().optional(),
  state: State,
});
export type PoolRecord = z.infer<typeof PoolRecord>;

/** Every worker pool, by relative name. */
export const workerPools = (world: World): Collection<PoolRecord> =>
  world.collection('run-worker-pools', PoolRecord);

/** The pool of that relative name, or NOT_FOUND. */
export function poolNamed(world: World, name: string): PoolRecord {
  const found = workerPools(world).get(name);
  if (found !== undefined) return found;
  const { project, location } = partsOf(name);
  throw notFound(
    `Resource '${shortName(name)}' of kind 'WORKER_POOL' in region '${location}' in project '${project}' does not exist.`,
  );
}

/** Changes a stored pool and answers it as it is now. */
export function changePool(world: World, name: string, change: Partial<PoolRecord>): PoolRecord {
  const next = { ...poolNamed(world, name), ...change };
  workerPools(world).set(name, next);
  return next;
}

const Scaling = z.looseObject({ manualInstanceCount: z.number().int().optional() });

/** Instances by the short name of their revision, by split and number. */
export function wantedInstances({ spec, latestReady }: PoolRecord): ReadonlyMap<string, number> {
  const count = Scaling.parse(spec['scaling'] ?? {}).manualInstanceCount ?? 1;
  const wanted = new Map<string, number>();
  for (const { revision = latestReady, percent = 0 } of splitsOf(spec)) {
    if (revision === undefined) continue;
    const instances = percent === 0 ? 0 : Math.max(1, Math.round((count * percent) / 100));
    wanted.set(revision, (wanted.get(revision) ?? 0) + (count === 0 ? 0 : instances));
  }
  return wanted;
}

/** The splits of a specification, revisions by their short names. */
export function splitsOf(spec: PoolRecord['spec']): readonly InstanceSplit[] {
  return z
    .array(InstanceSplit)
    .parse(spec['instanceSplits'])
    .map(({ revision, ...split }) =>
      revision === undefined || revision === ''
        ? split
        : { ...split, revision: shortName(revision) },
    );
}
