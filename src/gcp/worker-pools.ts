import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { listGoogle } from './list.ts';
import { finishRun, Operation } from './operation.ts';
import { unlessMissing } from './refusal.ts';
import { revisionContent } from './revision-content.ts';
import { Condition, secretMounts, shortName, standing } from './run-service.ts';
import type { SecretMount } from './run-service.ts';

/** Shares of a worker pool's instances; `revision` is a short name or LATEST. */
export interface InstanceSplit {
  readonly revision: string;
  readonly percent: number;
}

/** How many instances a worker pool has, and of which revisions. */
export interface PoolStanding {
  readonly splits: readonly InstanceSplit[];
  readonly instances: number;
}

/** A worker pool as the API reports it; revisions by short name, '' = none. */
export interface WorkerPool extends PoolStanding {
  readonly name: string;
  readonly etag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly latestReadyRevision: string;
  readonly ready: boolean;
  readonly reason: string;
}

/** What a revision of a worker pool runs. */
export interface PoolRevision {
  readonly image: string;
  readonly mounts: readonly SecretMount[];
  readonly content: string;
}

/** A worker pool by its short name; undefined where there is none. */
export async function readWorkerPool(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<WorkerPool | undefined> {
  const call = { action: `read worker pool ${name}`, url: poolUrl(access, name), answer: Pool };
  return unlessMissing(callGoogle(access, call, waiting));
}

/** All worker pools of the region, by name. */
export async function readWorkerPools(
  access: GoogleAccess,
  waiting: Waiting = {},
): Promise<readonly WorkerPool[]> {
  const url = placeUrl(access);
  const listing = { action: 'list the worker pools', url, of: 'workerPools', read: workerPool };
  const all = await listGoogle(access, listing, waiting);
  return [...all].sort((a, b) => a.name.localeCompare(b.name));
}

/** What a revision of a pool runs; undefined where there is none. */
export async function readPoolRevision(
  access: GoogleAccess,
  { pool, revision }: { readonly pool: string; readonly revision: string },
): Promise<PoolRevision | undefined> {
  const url = `${poolUrl(access, pool)}/revisions/${revision}`;
  return unlessMissing(
    callGoogle(access, { action: `read revision ${revision}`, url, answer: Revision }),
  );
}

/** Sets which revisions have instances and how many, and waits until they run. */
export async function setInstances(
  access: GoogleAccess,
  name: string,
  { splits, instances }: PoolStanding,
  waiting: Waiting = {},
): Promise<void> {
  const deed = { action: `set the instances of ${name}`, mutating: true };
  const mask = 'instanceSplits,scaling.manualInstanceCount';
  const url = `${poolUrl(access, name)}?updateMask=${mask}`;
  const body = {
    instanceSplits: splits.map(splitMessage),
    scaling: { manualInstanceCount: instances },
  };
  const call = { ...deed, method: 'PATCH', url, body, answer: Operation } as const;
  await finishRun(access, await callGoogle(access, call, waiting), deed, waiting);
}

function splitMessage({ revision, percent }: InstanceSplit) {
  const type = `INSTANCE_SPLIT_ALLOCATION_TYPE_${revision === 'LATEST' ? 'LATEST' : 'REVISION'}`;
  return revision === 'LATEST' ? { type, percent } : { type, revision, percent };
}

function poolUrl(access: GoogleAccess, name: string): string {
  return `${placeUrl(access)}/${name}`;
}

function placeUrl({ endpoints, project, region }: GoogleAccess): string {
  return `${endpoints.run}/v2/projects/${project}/locations/${region}/workerPools`;
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const Split = z
  .object({ revision: text, percent: z.number().default(0) })
  .transform(({ revision, percent }) => ({
    revision: revision === '' ? 'LATEST' : shortName(revision),
    percent,
  }));

const Message = z.object({
  ...{ name: z.string(), etag: text },
  labels: z.record(z.string(), z.string()).default({}),
  instanceSplits: z.array(Split).default([{ revision: 'LATEST', percent: 100 }]),
  // Google's default for a pool that says nothing of it.
  scaling: z.object({ manualInstanceCount: z.number().default(0) }).default({
    manualInstanceCount: 1,
  }),
  latestReadyRevision: text,
  terminalCondition: Condition,
});

function workerPool(message: unknown): WorkerPool {
  const { name, instanceSplits, scaling, ...seen } = Message.parse(message);
  const { terminalCondition, latestReadyRevision, ...rest } = seen;
  return {
    ...{ ...rest, name: shortName(name), splits: instanceSplits },
    instances: scaling.manualInstanceCount,
    latestReadyRevision: shortName(latestReadyRevision),
    ...standing(terminalCondition),
  };
}

const Pool = z.unknown().transform(workerPool);
const Images = z.looseObject({ containers: z.array(z.object({ image: text })).default([]) });
const Revision = z.unknown().transform((message): PoolRevision => ({
  image: Images.parse(message).containers[0]?.image ?? '',
  mounts: secretMounts(message),
  content: revisionContent(message),
}));
