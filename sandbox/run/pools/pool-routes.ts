import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { accountExists } from '../../google/account-records.ts';
import {
  type Call,
  GoogleError,
  invalid,
  ok,
  param,
  type Reply,
  type Route,
} from '../../google/http.ts';
import { startOperation } from '../../google/operations.ts';
import { demand, dropPolicies, policyVerbs } from '../../google/policies.ts';
import { demandProject, ensureProject } from '../../google/projects.ts';
import { accountResource } from '../../google/resource-names.ts';
import { page } from '../../google/wire.ts';
import type { World } from '../../world.ts';
import { applyMask, checkMask } from '../field-mask.ts';
import { httpMethods, messageType } from '../proto-table.ts';
import { type Message, readMessage } from '../read-message.ts';
import { partsOf, revisions, revisionsOf, shortName } from '../records.ts';
import { readTemplate } from '../template.ts';
import type { Workers } from './instances.ts';
import { poolBody, poolEtag } from './pool-body.ts';
import { checkedPool, nextPool } from './pool-generations.ts';
import { changePool, poolNamed, type PoolRecord, workerPools } from './records.ts';

/** The world and the workers in it. */
export interface RunningPools {
  readonly world: World;
  readonly workers: Workers;
}

type Handler = (running: RunningPools, call: Call) => Reply | Promise<Reply>;
const WorkerPool = messageType('WorkerPool');
const POOL_ID = /^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/;

const handlers: Readonly<Record<string, Handler>> = {
  CreateWorkerPool: create,
  GetWorkerPool: get,
  ListWorkerPools: list,
  UpdateWorkerPool: update,
  DeleteWorkerPool: remove,
};

/** The WorkerPools API, v2: paths and verbs from its own proto table, policies included. */
export function poolRoutes(running: RunningPools): readonly Route[] {
  const routes = httpMethods('WorkerPools').flatMap(({ rpc, method, template }): Route[] => {
    const handler = handlers[rpc];
    return handler === undefined
      ? []
      : [{ method, template, handle: (call) => handler(running, call) }];
  });
  const policies = policyVerbs(running.world, {
    template: '/v2/{resource=projects/*/locations/*/workerPools/*}',
    permissions: 'run.workerpools',
    exists: (name) => workerPools(running.world).get(name) !== undefined,
  });
  return [...policies, ...routes];
}

function get({ world }: RunningPools, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.workerpools.get', name);
  return ok(poolBody(poolNamed(world, name)));
}

function list({ world }: RunningPools, call: Call): Reply {
  const parent = param(call, 'parent');
  const { project, location } = partsOf(parent);
  demandProject(world, call.caller, `projects/${project}`, 'run.workerpools.list');
  const prefix = `projects/${project}/locations/${location === '-' ? '' : `${location}/`}`;
  const all = workerPools(world)
    .list()
    .filter(([name]) => name.startsWith(prefix))
    .map(([, pool]) => poolBody(pool));
  return ok(page('workerPools', all, call.query));
}

function create(running: RunningPools, call: Call): Reply {
  const { world } = running;
  const parent = param(call, 'parent');
  const id = call.query.get('workerPoolId') ?? call.query.get('worker_pool_id') ?? '';
  demandProject(
    world,
    call.caller,
    `projects/${partsOf(parent).project}`,
    'run.workerpools.create',
  );
  if (!POOL_ID.test(id))
    throw invalid(
      'Violation in CreateWorkerPoolRequest.worker_pool_id: only lowercase letters, digits and hyphens, at most 49.',
    );
  const name = `${parent}/workerPools/${id}`;
  if (workerPools(world).get(name) !== undefined)
    throw new GoogleError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
  const now = world.now().toISOString();
  const by = memberOf(call);
  const fresh: PoolRecord = {
    ...{ name, uid: randomUUID(), generation: 0, createTime: now, updateTime: now },
    ...{ creator: by, lastModifier: by, spec: {}, revisionCount: 0 },
    state: { phase: 'pending', at: now },
  };
  return write(running, call, fresh, sentOf(call));
}

function update(running: RunningPools, call: Call): Reply {
  const name = param(call, 'worker_pool.name');
  demand(running.world, call.caller, 'run.workerpools.update', name);
  const before = poolNamed(running.world, name);
  checkEtag(before, z.looseObject({ etag: z.string().optional() }).parse(call.body ?? {}).etag);
  const mask = call.query.get('updateMask') ?? call.query.get('update_mask');
  checkMask(mask, (field) => WorkerPool.fields[field] !== undefined);
  return write(running, call, before, applyMask(before.spec, sentOf(call), mask));
}

function remove({ world, workers }: RunningPools, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.workerpools.delete', name);
  const body = poolBody(poolNamed(world, name));
  for (const revision of revisionsOf(world, name)) revisions(world).delete(revision.name);
  workerPools(world).delete(name);
  dropPolicies(world, name);
  return ok(
    operation(world, name, async () => {
      await workers.remove(name);
      return { ...body, deleteTime: world.now().toISOString() };
    }),
  );
}

/** Stores a generation, then brings its instances about; the revision is ready where they start. */
function write({ world, workers }: RunningPools, call: Call, before: PoolRecord, asked: Message) {
  const { name } = before;
  const own = Object.entries(asked).filter(([field]) => isClientField(field));
  const { projectNumber } = ensureProject(world, partsOf(name).project);
  const spec = checkedPool(world, name, Object.fromEntries(own), projectNumber);
  checkAccount(world, call, spec);
  const pool = nextPool(world, before, spec, memberOf(call));
  const ready = changePool(world, name, {
    ...(pool.latestCreated && { latestReady: pool.latestCreated }),
  });
  return ok(
    operation(world, name, async (report) => {
      report(poolBody(ready));
      try {
        await workers.settle(name);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const at = world.now().toISOString();
        const reason = 'HEALTH_CHECK_CONTAINER_ERROR';
        changePool(world, name, { state: { phase: 'failed', reason, message, at } });
        throw error;
      }
      const at = world.now().toISOString();
      return poolBody(changePool(world, name, { state: { phase: 'ready', at } }));
    }),
  );
}

function sentOf(call: Call): Message {
  return readMessage(WorkerPool, call.body ?? {}, 'worker_pool');
}

function isClientField(field: string): boolean {
  if (['name', 'etag'].includes(field)) return false;
  return WorkerPool.fields[field]?.options?.['(google.api.field_behavior)'] !== 'OUTPUT_ONLY';
}

function checkAccount(world: World, call: Call, spec: Message): void {
  const { serviceAccount = '' } = readTemplate(spec['template']);
  if (!serviceAccount.endsWith('.iam.gserviceaccount.com')) return;
  demand(world, call.caller, 'iam.serviceAccounts.actAs', accountResource(serviceAccount));
  if (accountExists(world, serviceAccount)) return;
  throw invalid(`Service account ${serviceAccount} does not exist.`);
}

function checkEtag(pool: PoolRecord, sent: string | undefined): void {
  const current = poolEtag(pool);
  if (sent === undefined || sent === '' || sent === current) return;
  throw new GoogleError(
    'ABORTED',
    `Conflict for resource '${shortName(pool.name)}': version '${sent}' was specified but current version is '${current}'.`,
  );
}

function operation(
  world: World,
  pool: string,
  work: Parameters<typeof startOperation>[2],
): Message {
  const { project, location } = partsOf(pool);
  const name = `projects/${project}/locations/${location}/operations/${randomUUID()}`;
  const type = 'google.cloud.run.v2.WorkerPool';
  return startOperation(world, { name, metadataType: type, responseType: type }, work);
}

const memberOf = ({ caller }: Call): string => caller.member.replace(/^[a-zA-Z]+:/, '');
