import { randomUUID } from 'node:crypto';
import { type Call, ok, param, type Reply, type Route } from '../../google/http.ts';
import { startOperation } from '../../google/operations.ts';
import { demand } from '../../google/policies.ts';
import { page } from '../../google/wire.ts';
import { httpMethods } from '../proto-table.ts';
import { partsOf } from '../records.ts';
import { executionBody } from './job-body.ts';
import type { RunningJobs } from './job-routes.ts';
import { executionNamed, executions, executionsOf } from './records.ts';

type Handler = (running: RunningJobs, call: Call) => Reply;

const handlers: Readonly<Record<string, Handler>> = {
  GetExecution: get,
  ListExecutions: list,
  CancelExecution: cancel,
  DeleteExecution: remove,
};

/** The Executions API, v2. */
export function executionRoutes(running: RunningJobs): readonly Route[] {
  return httpMethods('Executions').flatMap(({ rpc, method, template }): Route[] => {
    const handler = handlers[rpc];
    return handler === undefined
      ? []
      : [{ method, template, handle: (call) => handler(running, call) }];
  });
}

function get({ world }: RunningJobs, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.executions.get', jobOf(name));
  return ok(executionBody(executionNamed(world, name)));
}

function list({ world }: RunningJobs, call: Call): Reply {
  const parent = param(call, 'parent');
  demand(world, call.caller, 'run.executions.list', parent);
  const all = executionsOf(world, parent).map(executionBody);
  return ok(page('executions', all, call.query));
}

function cancel({ world, executions: all }: RunningJobs, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.executions.cancel', jobOf(name));
  executionNamed(world, name);
  return answer(world, name, async () => {
    await all.cancel(name);
    return executionBody(executionNamed(world, name));
  });
}

function remove({ world, executions: all }: RunningJobs, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.executions.delete', jobOf(name));
  const body = executionBody(executionNamed(world, name));
  return answer(world, name, async () => {
    await all.cancel(name);
    executions(world).delete(name);
    return { ...body, deleteTime: world.now().toISOString() };
  });
}

function answer(
  world: RunningJobs['world'],
  execution: string,
  work: Parameters<typeof startOperation>[2],
): Reply {
  const { project, location } = partsOf(execution);
  const name = `projects/${project}/locations/${location}/operations/${randomUUID()}`;
  const type = 'google.cloud.run.v2.Execution';
  return ok(startOperation(world, { name, metadataType: type, responseType: type }, work));
}

const jobOf = (execution: string): string => execution.replace(/\/executions\/.*$/, '');
