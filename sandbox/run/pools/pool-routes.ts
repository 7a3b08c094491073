import { randomUUID } from 'node:crypto';
import {
  type Call,
  GoogleError,
  invalid,
  ok,
  param,
  type Reply,
  type Route,
} from '../../google/http.ts';
import { demand, dropPolicies, policyVerbs } from '../../google/policies.ts';
import { demandProject, ensureProject } from '../../google/projects.ts';
import { page } from '../../google/wire.ts';
import type { World } from '../../world.ts';
import { applyMask, checkMask } from '../field-mask.ts';
import { messageType } from '../proto-table.ts';
import { type Message, readMessage } from '../read-message.ts';
import { partsOf, revisions, revisionsOf } from '../records.ts';
import { readTemplate } from '../template.ts';
import {
  checkEtag,
  clientFields,
  type Handlers,
  prefixOf,
  routesOf,
  runOperation,
  sentEtag,
} from '../v2-resource.ts';
import { checkAccount, memberOf } from '../who-deploys.ts';
import type { Workers } from './instances.ts';
import { poolBody, poolEtag } from './pool-body.ts';
import { checkedPool, nextPool } from './pool-generations.ts';
import { changePool, poolNamed, type PoolRecord, workerPools } from './records.ts';

/** The world and the workers in it. */
export interface RunningPools {
  readonly world: World;
  readonly workers: Workers;
}

const WorkerPool = messageType('WorkerPool');
const POOL_ID = /^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/;

const handlers: Handlers<RunningPools> = {
  CreateWorkerPool: create,
  GetWorkerPool: get,
  ListWorkerPools: list,
  UpdateWorkerPool: update,
  DeleteWorkerPool: remove,
};

/** The WorkerPools API, v2: paths and verbs from its own proto table, policies included. */
export function poolRoutes(running: RunningPools): readonly Route[] {
  const policies = policyVerbs(running.world, {
    template: '/v2/{resource=projects/*/locations/*/workerPools/*}',
    permissions: 'run.workerpools',
    exists: (name) => workerPools(running.world).get(name) !== undefined,
  });
  return [...policies, ...routesOf('WorkerPools', handlers, running)];
}

function get({ world }: RunningPools, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.workerpools.get', name);
  return ok(poolBody(poolNamed(world, name)));
}

function list({ world }: RunningPools, call: Call): Reply {
  const parent = param(call, 'parent');
  demandProject(world, call.caller, `projects/${partsOf(parent).project}`, 'run.workerpools.list');
  const all = workerPools(world)
    .list()
    .filter(([name]) => name.startsWith(prefixOf(parent)))
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
  const by = memberOf(call.caller);
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
  checkEtag(poolEtag(before), sentEtag(call), name);
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
    runOperation(world, { resource: name, kind: 'WorkerPool' }, async () => {
      await workers.remove(name);
      return { ...body, deleteTime: world.now().toISOString() };
    }),
  );
}

/** Stores a generation, then brings its instances about; the revision is ready where they start. */
function write({ world, workers }: RunningPools, call: Call, before: PoolRecord, asked: Message) {
  const { name } = before;
  const { projectNumber } = ensureProject(world, partsOf(name).project);
  const spec = checkedPool(world, name, clientFields('WorkerPool', asked), projectNumber);
  checkAccount(world, call.caller, readTemplate(spec['template']).serviceAccount);
  const pool = nextPool(world, before, spec, memberOf(call.caller));
  const ready = changePool(world, name, {
    ...(pool.latestCreated && { latestReady: pool.latestCreated }),
  });
  return ok(
    runOperation(world, { resource: name, kind: 'WorkerPool' }, async (report) => {
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
