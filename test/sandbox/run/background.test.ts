import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startClock } from '../../../sandbox/google/scheduler/clock.ts';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage } from './cloud.ts';

const job = `${PARENT}/jobs/nightly`;
const pool = `${PARENT}/workerPools/queue`;
const long = { timeout: 20_000, interval: 50 };
let cloud: Cloud;
let images: { fine: string; failing: string; busy: string; other: string };

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  images = {
    fine: await pushImage(
      cloud,
      `console.log(process.env.CLOUD_RUN_JOB + ' ' + process.env.CLOUD_RUN_TASK_INDEX + ' ' + process.env.DAY + ' ' + process.env.PORT)`,
      'fine',
    ),
    failing: await pushImage(cloud, `console.error('no paper'); process.exit(3);`, 'failing'),
    busy: await pushImage(
      cloud,
      `console.log('works as ' + process.env.CLOUD_RUN_WORKER_POOL); setInterval(() => {}, 1000);`,
      'busy',
    ),
    other: await pushImage(cloud, `console.log('another'); setInterval(() => {}, 1000);`, 'other'),
  };
});
afterAll(() => cloud[Symbol.asyncDispose]());

const task = (image: string, more = {}) => ({
  template: {
    template: {
      containers: [{ image, env: [{ name: 'DAY', value: 'today' }] }],
      serviceAccount: ACCOUNT,
      ...more,
    },
  },
});
const worker = (image: string) => ({ containers: [{ image }], serviceAccount: ACCOUNT });
const told = async (type: string, label: string, name: string) => {
  const filter = `resource.type="${type}" AND resource.labels.${label}="${name}"`;
  const body = { resourceNames: ['projects/demo-prod'], filter };
  const { entries = [] } = (await cloud.call('POST', '/v2/entries:list', body)).body;
  return entries.map((one: { textPayload?: string }) => one.textPayload);
};

test('a job is made, and runs only when it is told to', async () => {
  const made = await cloud.done('POST', `/v2/${PARENT}/jobs?jobId=nightly`, task(images.fine));
  expect(made.body.response).toMatchObject({
    name: job,
    template: { taskCount: 1, template: { maxRetries: 3, timeout: '600s' } },
    terminalCondition: { state: 'CONDITION_SUCCEEDED' },
  });
  const { executions } = (await cloud.call('GET', `/v2/${job}/executions`)).body;
  expect(executions).toBeUndefined();
  const ran = await cloud.done('POST', `/v2/${job}:run`, {});
  expect(ran.body.response).toMatchObject({ succeededCount: 1, taskCount: 1 });
  expect(await told('cloud_run_job', 'job_name', 'nightly')).toContain('nightly 0 today undefined');
});

test('an execution takes variables of its own, which the job does not keep', async () => {
  const overrides = { containerOverrides: [{ env: [{ name: 'DAY', value: 'tomorrow' }] }] };
  await cloud.done('POST', `/v2/${job}:run`, { overrides });
  expect(await told('cloud_run_job', 'job_name', 'nightly')).toContain(
    'nightly 0 tomorrow undefined',
  );
  const { template } = (await cloud.call('GET', `/v2/${job}`)).body;
  expect(template.template.containers[0].env).toEqual([{ name: 'DAY', value: 'today' }]);
});

test('a task that fails is tried again as often as the job says, then its operation is an error', async () => {
  const { etag } = (await cloud.call('GET', `/v2/${job}`)).body;
  await cloud.done('PATCH', `/v2/${job}`, { ...task(images.failing, { maxRetries: 1 }), etag });
  const ran = await cloud.done('POST', `/v2/${job}:run`, {});
  expect(ran.body.error.message).toContain('has failed to complete');
  const { executions } = (await cloud.call('GET', `/v2/${job}/executions`)).body;
  expect(executions[0]).toMatchObject({ failedCount: 1, retriedCount: 1 });
  expect(executions[0].conditions[0]).toMatchObject({ state: 'CONDITION_FAILED' });
  const stale = await cloud.call('PATCH', `/v2/${job}`, { ...task(images.fine), etag });
  expect(stale.status).toBe(409);
});

test('an execution can be cancelled', async () => {
  await cloud.done('POST', `/v2/${PARENT}/jobs?jobId=endless`, task(images.busy));
  const begun = await cloud.call('POST', `/v2/${PARENT}/jobs/endless:run`, {});
  const { name } = begun.body.metadata;
  await cloud.done('POST', `/v2/${name}:cancel`, {});
  expect((await cloud.call('GET', `/v2/${name}`)).body).toMatchObject({ cancelledCount: 1 });
});

test('a schedule runs a job when it is due, as the account that it names, and not while paused', async () => {
  await cloud.done('PATCH', `/v2/${job}`, task(images.fine));
  const clock = startClock(cloud.world, () => cloud.door.url);
  const scheduled = `/v1/${PARENT}/jobs`;
  const made = await cloud.call('POST', scheduled, {
    name: job,
    schedule: '* * * * *',
    timeZone: 'Europe/Berlin',
    httpTarget: {
      uri: `https://run.googleapis.com/v2/${job}:run`,
      oauthToken: { serviceAccountEmail: ACCOUNT },
    },
  });
  expect(made.body).toMatchObject({ state: 'ENABLED', schedule: '* * * * *' });
  // Nobody let that account run it: the attempt is noted as refused.
  await cloud.call('POST', `/v1/${job}:run`, {});
  expect((await cloud.call('GET', `/v1/${job}`)).body.status.code).toBe(7);
  const binding = { role: 'roles/run.invoker', members: [`serviceAccount:${ACCOUNT}`] };
  await cloud.call('POST', `/v2/${job}:setIamPolicy`, { policy: { bindings: [binding] } });
  const count = async () => (await cloud.call('GET', `/v2/${job}`)).body.executionCount;
  const before = await count();
  await cloud.call('POST', `/v1/${job}:pause`, {});
  expect((await cloud.call('GET', `/v1/${job}`)).body.state).toBe('PAUSED');
  await cloud.call('POST', `/v1/${job}:resume`, {});
  await vi.waitFor(async () => expect(await count()).toBe(before + 1), { timeout: 90_000 });
  expect((await cloud.call('GET', `/v1/${job}`)).body.status.code).toBe(0);
  const wrong = await cloud.call('PATCH', `/v1/${job}?updateMask=schedule`, { schedule: 'daily' });
  expect(wrong.status).toBe(400);
  clock.close();
}, 120_000);

test('a worker pool without instances runs nothing; its splits say which revision runs', async () => {
  const asked = { template: worker(images.busy), scaling: { manualInstanceCount: 0 } };
  const made = await cloud.done('POST', `/v2/${PARENT}/workerPools?workerPoolId=queue`, asked);
  const first = made.body.response.latestReadyRevision;
  expect(first).toMatch(/revisions\/queue-00001-\w{3}$/);
  expect(await told('cloud_run_worker_pool', 'worker_pool_name', 'queue')).toEqual([]);
  const mask = 'instanceSplits,scaling.manualInstanceCount';
  const split = (revision: string) => ({
    instanceSplits: [{ type: 'INSTANCE_SPLIT_ALLOCATION_TYPE_REVISION', revision, percent: 100 }],
    scaling: { manualInstanceCount: 1 },
  });
  const short = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  await cloud.done('PATCH', `/v2/${pool}?updateMask=${mask}`, split(short(first)));
  const said = () => told('cloud_run_worker_pool', 'worker_pool_name', 'queue');
  await vi.waitFor(async () => expect(await said()).toContain('works as queue'), long);
  // A new template makes a revision, which no split names: it does not run.
  const { body: now } = await cloud.call('GET', `/v2/${pool}`);
  const changed = await cloud.done('PATCH', `/v2/${pool}`, {
    ...now,
    template: worker(images.other),
  });
  const second = changed.body.response.latestCreatedRevision;
  expect(second).not.toBe(first);
  expect(changed.body.response.instanceSplits[0].revision).toBe(short(first));
  expect(await said()).not.toContain('another');
  await cloud.done('PATCH', `/v2/${pool}?updateMask=${mask}`, split(short(second)));
  await vi.waitFor(async () => expect(await said()).toContain('another'), long);
  expect((await cloud.call('GET', `/v2/${second}`)).body.containers[0].image).toBe(images.other);
});

test('instances that end at once make the operation an error', async () => {
  const asked = { template: worker(images.failing), scaling: { manualInstanceCount: 1 } };
  const made = await cloud.done('POST', `/v2/${PARENT}/workerPools?workerPoolId=broken`, asked);
  expect(made.body.error.message).toContain('it ended at once (exit(3))');
  const { body } = await cloud.call('GET', `/v2/${PARENT}/workerPools/broken`);
  expect(body.terminalCondition.state).toBe('CONDITION_FAILED');
  await cloud.done('DELETE', `/v2/${PARENT}/workerPools/broken`);
  expect((await cloud.call('GET', `/v2/${PARENT}/workerPools/broken`)).status).toBe(404);
});
