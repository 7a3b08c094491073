import { type Call, ok, param, type Reply, type Route } from '../../google/http.ts';
import { demand } from '../../google/policies.ts';
import { page } from '../../google/wire.ts';
import { type Handlers, routesOf, runOperation } from '../v2-resource.ts';
import { executionBody } from './job-body.ts';
import type { RunningJobs } from './job-routes.ts';
import { executionNamed, executions, executionsOf } from './records.ts';

const handlers: Handlers<RunningJobs> = {
  GetExecution: get,
  ListExecutions: list,
  CancelExecution: cancel,
  DeleteExecution: remove,
};

/** The Executions API, v2. */
export function executionRoutes(running: RunningJobs): readonly Route[] {
  return routesOf('Executions', handlers, running);
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
  work: Parameters<typeof runOperation>[2],
): Reply {
  return ok(runOperation(world, { resource: execution, kind: 'Execution' }, work));
}

const jobOf = (execution: string): string => execution.replace(/\/executions\/.*$/, '');
