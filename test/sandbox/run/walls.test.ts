import { afterAll, beforeAll, expect, test } from 'vitest';
import { revisions } from '../../../sandbox/run/records.ts';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

let cloud: Cloud;
let image: string;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving(`'fine'`));
});
afterAll(() => cloud[Symbol.asyncDispose]());

const asked = (container: object = {}, template: object = {}) => ({
  invokerIamDisabled: true,
  template: { serviceAccount: ACCOUNT, containers: [{ image, ...container }], ...template },
});
const create = (name: string, ...parts: Parameters<typeof asked>) =>
  cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, asked(...parts));
const sized = (cpu: string, memory: string) => ({ resources: { limits: { cpu, memory } } });
const variables = (...names: string[]) => ({ env: names.map((name) => ({ name, value: 'x' })) });
const many = Array.from({ length: 1001 }, (_, at) => `V${at}`);
const gen2 = { executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2' };

test.each([
  ['3 CPU', sized('3', '1Gi'), {}, /specified for cpu/],
  ['a CPU that is no number', sized('1x', '512Mi'), {}, /specified for cpu/],
  ['more than 4 GiB for 1 CPU', sized('1', '4097Mi'), {}, /memory must be between/],
  ['more than 8 GiB for 2 CPU', sized('2', '9Gi'), {}, /memory must be between/],
  ['less than 2 GiB for 4 CPU', sized('4', '1Gi'), {}, /memory must be between/],
  ['part of a CPU and many at once', sized('500m', '512Mi'), {}, /concurrency > 1/],
  [
    'part of a CPU in the second generation',
    sized('0.5', '512Mi'),
    { maxInstanceRequestConcurrency: 1, ...gen2 },
    /gen2/,
  ],
  ['256 MiB in the second generation', sized('1', '256Mi'), gen2, /512 Mi/],
  ['2,000 requests at once', {}, { maxInstanceRequestConcurrency: 2000 }, /between 1 and 1000/],
  ['PORT', variables('PORT'), {}, /reserved env names were provided: PORT/],
  ['K_REVISION', variables('K_REVISION'), {}, /reserved env names/],
  ['a name twice', variables('A', 'B', 'A'), {}, /'A' is given more than once/],
  ['1,001 variables', variables(...many), {}, /at most 1000/],
])('%s is refused in Google’s words by v1 and v2, and nothing is made', async (...wall) => {
  const [, container, template, says] = wall;
  const { status, body } = await create('odd', container, template);
  expect(body.error, JSON.stringify(body)).toMatchObject({
    ...{ code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(says) },
  });
  expect(status).toBe(400);
  expect((await cloud.call('GET', `/v2/${PARENT}/services/odd`)).status).toBe(404);
});

test('v1 refuses what v2 refuses, a create as well as a PUT', async () => {
  const v1 = '/apis/serving.knative.dev/v1/namespaces/demo-prod/services';
  const service = (env: object[]) => ({
    ...{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'knative' } },
    spec: { template: { spec: { containers: [{ image, env }], serviceAccountName: ACCOUNT } } },
  });
  const taken = service([{ name: 'PORT', value: '1' }]);
  expect((await cloud.call('POST', v1, taken)).body.error.status).toBe('INVALID_ARGUMENT');
  expect((await cloud.call('POST', v1, service([]))).status).toBe(200);
  expect((await cloud.call('PUT', `${v1}/knative`, taken)).body.error.status).toBe(
    'INVALID_ARGUMENT',
  );
});

test('Google’s front end keeps the exact path /healthz for itself, whoever asks', async () => {
  const { body } = await create('front', { startupProbe: { httpGet: { path: '/healthz' } } });
  const { uri } = body.response;
  const status = async (path: string) => (await fetch(`${uri}${path}`)).status;
  expect(await status('/healthz')).toBe(404);
  expect(await status('/healthz?deep=1')).toBe(404);
  for (const path of ['/', '/healthz/', '/healthzz', '/v1/healthz', '/Healthz'])
    expect([path, await status(path)]).toEqual([path, 200]);
});

test('of more than 1,000 revisions the oldest unused ones go, those with traffic or a tag stay', async () => {
  const { body } = await create('many');
  const first = body.response.latestReadyRevision;
  const name = `${PARENT}/services/many`;
  const store = revisions(cloud.world);
  const made = store.get(first);
  if (made === undefined) throw new Error('no revision was made');
  const old = (at: number) => `${name}/revisions/old-${at}`;
  for (let at = 0; at < 1000; at += 1) {
    const createTime = new Date(1000 * at).toISOString();
    store.set(old(at), { ...made, name: old(at), createTime });
  }
  const traffic = [
    { revision: first.split('/').at(-1), percent: 100 },
    { revision: 'old-0', tag: 'kept' },
  ];
  await cloud.done('PATCH', `/v2/${name}`, { ...asked(variables('NEW')), traffic });
  const left = new Set(store.list().map(([key]) => key));
  expect([first, old(0), old(1), old(2), old(3), old(999)].map((key) => left.has(key))).toEqual([
    true,
    true,
    false,
    false,
    true,
    true,
  ]);
});

test('a revision whose secret version is disabled goes on, and starts no new instance', async () => {
  const secret = '/v1/projects/demo-prod/secrets/key';
  const parent = '/v1/projects/demo-prod/secrets?secretId=key';
  await cloud.call('POST', parent, { replication: { automatic: {} } });
  await cloud.call('POST', `${secret}:addVersion`, { payload: { data: 'YQ==' } });
  const bindings = [
    { role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:${ACCOUNT}`] },
  ];
  await cloud.call('POST', `${secret}:setIamPolicy`, { policy: { bindings } });
  const valueSource = { secretKeyRef: { secret: 'key', version: '1' } };
  const { body } = await create('keyed', { env: [{ name: 'KEY', valueSource }] });
  const { uri, latestReadyRevision } = body.response;
  const status = async () => (await fetch(uri)).status;
  await cloud.call('POST', `${secret}/versions/1:disable`, {});
  expect(await status()).toBe(200);
  await cloud.fleet.stopRevision(latestReadyRevision);
  expect(await status()).toBe(503);
  await cloud.call('POST', `${secret}/versions/1:enable`, {});
  expect(await status()).toBe(200);
  await cloud.call('POST', `${secret}/versions/1:destroy`, {});
  await cloud.fleet.stopRevision(latestReadyRevision);
  expect(await status()).toBe(503);
});

test('a revision of an image that nobody pushed does not become ready', async () => {
  const missing = image.replace(/[0-9a-f]{64}$/, '0'.repeat(64));
  const { body } = await create('absent', { image: missing });
  expect(body.error.message).toMatch(/Image '.*' not found/);
});
