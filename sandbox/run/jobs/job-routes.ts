import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
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
import { messageType } from '../proto-table.ts';
import { type Message, readMessage } from '../read-message.ts';
import { partsOf, shortName } from '../records.ts';
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
import { executionBody, jobBody, jobEtag } from './job-body.ts';
import { checkedJob, sizeOf, taskOf } from './job-template.ts';
import { type ExecutionRecord, executions, executionsOf } from './records.ts';
import { jobNamed, type JobRecord, jobs } from './records.ts';
import type { Executions } from './run-execution.ts';
import { overridden } from './overrides.ts';

/** The world and the executions in it. */
export interface RunningJobs {
  readonly world: World;
  readonly executions: Executions;
}

const Job = messageType('Job');
const JOB_ID = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

const handlers: Handlers<RunningJobs> = {
  CreateJob: create,
  GetJob: get,
  ListJobs: list,
  UpdateJob: update,
  DeleteJob: remove,
  RunJob: run,
};

/** The Jobs API, v2: paths and verbs from its own proto table, policies included. */
export function jobRoutes(running: RunningJobs): readonly Route[] {
  const policies = policyVerbs(running.world, {
    template: '/v2/{resource=projects/*/locations/*/jobs/*}',
    permissions: 'run.jobs',
    exists: (name) => jobs(running.world).get(name) !== undefined,
  });
  return [...policies, ...routesOf('Jobs', handlers, running)];
}

function get({ world }: RunningJobs, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.jobs.get', name);
  return ok(jobBody(world, jobNamed(world, name)));
}

function list({ world }: RunningJobs, call: Call): Reply {
  const parent = param(call, 'parent');
  demandProject(world, call.caller, `projects/${partsOf(parent).project}`, 'run.jobs.list');
  const all = jobs(world)
    .list()
    .filter(([name]) => name.startsWith(prefixOf(parent)))
    .map(([, job]) => jobBody(world, job));
  return ok(page('jobs', all, call.query));
}

function create({ world }: RunningJobs, call: Call): Reply {
  const parent = param(call, 'parent');
  const id = call.query.get('jobId') ?? call.query.get('job_id') ?? '';
  demandProject(world, call.caller, `projects/${partsOf(parent).project}`, 'run.jobs.create');
  if (!JOB_ID.test(id))
    throw invalid(
      'Violation in CreateJobRequest.job_id: only lowercase letters, digits and hyphens, at most 63.',
    );
  const name = `${parent}/jobs/${id}`;
  if (jobs(world).get(name) !== undefined)
    throw new GoogleError('ALREADY_EXISTS', `Resource '${id}' already exists.`);
  const spec = specOf(world, call, name);
  const now = world.now().toISOString();
  const by = memberOf(call.caller);
  return store(world, {
    ...{ name, uid: randomUUID(), generation: 1, createTime: now, updateTime: now },
    ...{ creator: by, lastModifier: by, spec, executionCount: 0 },
    ...faultFor(world, id),
  });
}

function update({ world }: RunningJobs, call: Call): Reply {
  const name = param(call, 'job.name');
  demand(world, call.caller, 'run.jobs.update', name);
  const before = jobNamed(world, name);
  checkEtag(jobEtag(before), sentEtag(call), name);
  const spec = specOf(world, call, name);
  const { fault: _old, ...job } = before;
  return store(world, {
    ...{ ...job, spec, generation: before.generation + 1 },
    ...{ updateTime: world.now().toISOString(), lastModifier: memberOf(call.caller) },
    ...faultFor(world, shortName(name)),
  });
}

async function remove({ world, executions: all }: RunningJobs, call: Call): Promise<Reply> {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.jobs.delete', name);
  const job = jobNamed(world, name);
  const body = jobBody(world, job);
  for (const execution of executionsOf(world, name)) {
    await all.cancel(execution.name);
    executions(world).delete(execution.name);
  }
  jobs(world).delete(name);
  dropPolicies(world, name);
  return ok(
    runOperation(world, { resource: name, kind: 'Job' }, () => ({
      ...body,
      deleteTime: world.now().toISOString(),
    })),
  );
}

/** Starts an execution; its operation ends with it, as in the cloud. */
function run({ world, executions: all }: RunningJobs, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'run.jobs.run', name);
  const job = jobNamed(world, name);
  const { template, overrides, taskCount: count } = overridden(job, call.body);
  if (overrides) demand(world, call.caller, 'run.jobs.runWithOverrides', name);
  const { taskCount, parallelism } = sizeOf(job.spec['template']);
  const id = `${shortName(name).slice(0, 57)}-${letters()}`;
  const execution: ExecutionRecord = {
    ...{ name: `${name}/executions/${id}`, job: name, uid: randomUUID() },
    ...{ createTime: world.now().toISOString(), creator: memberOf(call.caller), template },
    ...{ taskCount: count ?? taskCount, parallelism, session: world.session },
    ...{ running: 0, succeeded: 0, failed: 0, cancelled: 0, retried: 0 },
    ...(job.fault && { fault: job.fault }),
  };
  executions(world).set(execution.name, execution);
  jobs(world).set(name, { ...job, executionCount: job.executionCount + 1, latest: execution.name });
  const started = all.start(execution);
  return ok(
    runOperation(world, { resource: name, kind: 'Execution' }, async (report) => {
      report(executionBody(execution));
      await started;
      const ended = executions(world).get(execution.name) ?? execution;
      if (ended.failed + ended.cancelled === 0) return executionBody(ended);
      throw new GoogleError('ABORTED', ended.message ?? 'The execution failed.');
    }),
  );
}

function specOf(world: World, call: Call, name: string): Message {
  const sent = readMessage(Job, call.body ?? {}, 'job');
  const own = clientFields('Job', sent);
  const { project } = partsOf(name);
  const spec = checkedJob(own, ensureProject(world, project).projectNumber);
  const execution = z.looseObject({ template: z.unknown() }).parse(spec['template']);
  checkAccount(world, call.caller, taskOf(execution.template).template.serviceAccount);
  return spec;
}

function store(world: World, job: JobRecord): Reply {
  jobs(world).set(job.name, job);
  return ok(runOperation(world, { resource: job.name, kind: 'Job' }, () => jobBody(world, job)));
}

// The fault `jobs`: what is deployed next under that name ends with an error; decided when it is.
function faultFor(world: World, job: string): { fault?: 'crash' } {
  const meant = (fault: Record<string, unknown>) => fault['service'] === job;
  return world.faults.take('services', meant) === undefined ? {} : { fault: 'crash' };
}

const letters = (): string =>
  Array.from({ length: 5 }, () => 'bcdfghjklmnpqrstvwxz456789'[randomInt(26)]).join('');
