import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { GoogleError, invalid } from '../../google/http.ts';
import type { World } from '../../world.ts';
import { withLimits } from '../jobs/job-template.ts';
import type { Message } from '../read-message.ts';
import { type RevisionRecord, revisions, revisionsOf, shortName } from '../records.ts';
import { refuseTemplate } from '../refuse-template.ts';
import { readTemplate } from '../template.ts';
import { InstanceSplit, type PoolRecord, workerPools } from './records.ts';

const toLatest = [{ type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST', percent: 100 }];

/** The client's fields with what Cloud Run fills in; INVALID_ARGUMENT for what it refuses. */
export function checkedPool(world: World, name: string, asked: Message, number: string): Message {
  const template = readTemplate(asked['template']);
  refuseTemplate({ ...template, maxInstanceRequestConcurrency: 1 });
  const splits = z.array(InstanceSplit).parse(asked['instanceSplits'] ?? toLatest);
  refuseSplits(world, name, splits);
  return {
    launchStage: 'GA',
    ...asked,
    instanceSplits: splits,
    template: {
      ...template,
      serviceAccount: template.serviceAccount ?? `${number}-compute@developer.gserviceaccount.com`,
      containers: template.containers.map(withLimits),
    },
  };
}

function refuseSplits(world: World, name: string, splits: readonly InstanceSplit[]): void {
  const sum = splits.reduce((total, { percent = 0 }) => total + percent, 0);
  if (sum !== 100) throw invalid(`instance_splits: percents must add up to 100, got ${sum}.`);
  const known = revisionsOf(world, name).map((one) => shortName(one.name));
  const lost = splits.find(({ revision }) => revision && !known.includes(shortName(revision)));
  if (lost === undefined) return;
  throw new GoogleError('NOT_FOUND', `Revision '${lost.revision}' does not exist.`);
}

/** Stores the next generation; a changed template becomes a new, immutable revision. */
export function nextPool(world: World, before: PoolRecord, spec: Message, by: string): PoolRecord {
  const now = world.now().toISOString();
  const next: PoolRecord = {
    ...{ ...before, spec, generation: before.generation + 1, updateTime: now, lastModifier: by },
    state: { phase: 'pending', at: now },
  };
  const same = JSON.stringify(before.spec['template']) === JSON.stringify(spec['template']);
  const revision = same ? undefined : newRevision(world, next);
  const pool =
    revision === undefined
      ? next
      : {
          ...{ ...next, revisionCount: next.revisionCount + 1 },
          ...{ latestCreated: shortName(revision.name) },
        };
  workerPools(world).set(pool.name, pool);
  if (revision !== undefined) revisions(world).set(revision.name, revision);
  return pool;
}

function newRevision(world: World, pool: PoolRecord): RevisionRecord {
  const template = readTemplate(pool.spec['template']);
  const short = shortName(pool.name);
  const number = String(pool.revisionCount + 1).padStart(5, '0');
  const name = template.revision ?? `${short}-${number}-${threeLetters()}`;
  const at = world.now().toISOString();
  return {
    ...{ name: `${pool.name}/revisions/${name}`, service: pool.name, uid: randomUUID() },
    ...{ generation: 1, createTime: at, updateTime: at, creator: pool.lastModifier },
    ...{ template, labels: template.labels ?? {}, state: { phase: 'ready', at } },
    variables: { CLOUD_RUN_WORKER_POOL: short, CLOUD_RUN_WORKER_POOL_REVISION: name },
  };
}

const threeLetters = (): string =>
  Array.from({ length: 3 }, () => 'bcdfghjklmnpqrstvwxz456789'[randomInt(26)]).join('');
