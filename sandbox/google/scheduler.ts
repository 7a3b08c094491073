import type { World } from '../world.ts';
import { accountResource } from './resource-names.ts';
import { type Call, GoogleError, ok, param, type Reply, type Route } from './http.ts';
import { demand } from './policies.ts';
import { demandProject } from './projects.ts';
import { fire } from './scheduler/fire.ts';
import type { Scheduled } from './scheduler/records.ts';
import { dueAfter, ScheduledFields } from './scheduler/records.ts';
import { scheduledJobs, scheduledNamed } from './scheduler/records.ts';
import { page, patched } from './wire.ts';

const LOCATION = 'projects/*/locations/*';
const JOB = `${LOCATION}/jobs/*`;

/** The Cloud Scheduler API, v1: jobs that call an address. `url` = where this door is. */
export function schedulerRoutes(world: World, url: () => string): readonly Route[] {
  const route = (
    method: string,
    template: string,
    handle: (world: World, call: Call) => Reply | Promise<Reply>,
  ): Route => ({ method, template, handle: (call) => handle(world, call) });
  return [
    route('POST', `/v1/{parent=${LOCATION}}/jobs`, create),
    route('GET', `/v1/{parent=${LOCATION}}/jobs`, list),
    route('GET', `/v1/{name=${JOB}}`, get),
    route('PATCH', `/v1/{name=${JOB}}`, update),
    route('DELETE', `/v1/{name=${JOB}}`, remove),
    route('POST', `/v1/{name=${JOB}}:pause`, (_, call) => turn(world, call, 'PAUSED')),
    route('POST', `/v1/{name=${JOB}}:resume`, (_, call) => turn(world, call, 'ENABLED')),
    route('POST', `/v1/{name=${JOB}}:run`, (_, call) => run(world, call, url())),
  ];
}

function create(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const project = parent.split('/').slice(0, 2).join('/');
  demandProject(world, call.caller, project, 'cloudscheduler.jobs.create');
  const { name: sent, ...fields } = owned(call.body);
  const name = typeof sent === 'string' ? sent : `${parent}/jobs/${crypto.randomUUID()}`;
  if (scheduledJobs(world).get(name) !== undefined)
    throw new GoogleError('ALREADY_EXISTS', `Job ${name} already exists.`);
  return store(world, call, { name, fields: ScheduledFields.parse(fields), state: 'ENABLED' });
}

function update(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'cloudscheduler.jobs.update', name);
  const before = scheduledNamed(world, name);
  const { name: _same, ...sent } = owned(call.body);
  const fields = patched(before.fields, sent, call.query.get('updateMask'));
  return store(world, call, { ...before, fields: ScheduledFields.parse(fields) });
}

function store(world: World, call: Call, job: Omit<Scheduled, 'userUpdateTime'>): Reply {
  const target = job.fields.httpTarget;
  const account = (target?.oauthToken ?? target?.oidcToken)?.serviceAccountEmail;
  if (account !== undefined)
    demand(world, call.caller, 'iam.serviceAccounts.actAs', accountResource(account));
  const now = world.now();
  const scheduleTime = dueAfter(job, now);
  const stored = {
    ...job,
    userUpdateTime: now.toISOString(),
    ...(scheduleTime && { scheduleTime }),
  };
  scheduledJobs(world).set(job.name, stored);
  return ok(shown(stored));
}

function get(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'cloudscheduler.jobs.get', name);
  return ok(shown(scheduledNamed(world, name)));
}

function list(world: World, call: Call): Reply {
  const parent = param(call, 'parent');
  const project = parent.split('/').slice(0, 2).join('/');
  demandProject(world, call.caller, project, 'cloudscheduler.jobs.list');
  const all = scheduledJobs(world)
    .list()
    .filter(([name]) => name.startsWith(`${parent}/`))
    .map(([, job]) => shown(job));
  return ok(page('jobs', all, call.query));
}

function remove(world: World, call: Call): Reply {
  const name = param(call, 'name');
  demand(world, call.caller, 'cloudscheduler.jobs.delete', name);
  scheduledNamed(world, name);
  scheduledJobs(world).delete(name);
  return ok({});
}

function turn(world: World, call: Call, state: Scheduled['state']): Reply {
  const name = param(call, 'name');
  const verb = state === 'PAUSED' ? 'pause' : 'enable';
  demand(world, call.caller, `cloudscheduler.jobs.${verb}`, name);
  const before = scheduledNamed(world, name);
  const scheduleTime = dueAfter(before, world.now());
  const job = { ...before, state, ...(scheduleTime && { scheduleTime }) };
  scheduledJobs(world).set(name, job);
  return ok(shown(job));
}

async function run(world: World, call: Call, url: string): Promise<Reply> {
  const name = param(call, 'name');
  demand(world, call.caller, 'cloudscheduler.jobs.run', name);
  await fire(world, url, scheduledNamed(world, name));
  return ok(shown(scheduledNamed(world, name)));
}

const outputs = new Set(['state', 'userUpdateTime', 'scheduleTime', 'lastAttemptTime', 'status']);

function owned(body: unknown): Record<string, unknown> {
  const sent = typeof body === 'object' && body !== null ? body : {};
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !outputs.has(name)));
}

function shown({ fields, ...job }: Scheduled): Record<string, unknown> {
  return { ...fields, ...job, attemptDeadline: fields['attemptDeadline'] ?? '180s' };
}
