import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

let cloud: Cloud;
let image: string;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving(`'fine'`));
});
afterAll(() => cloud[Symbol.asyncDispose]());

const asked = () => ({
  invokerIamDisabled: true,
  template: {
    serviceAccount: ACCOUNT,
    containers: [{ image, startupProbe: { httpGet: { path: '/started' } } }],
  },
});
const create = (name: string) =>
  cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, asked());

test('services: the new revision of the one service crashes, with a log', async () => {
  await cloud.call('PUT', '/_sandbox/faults/services', { service: 'habits', times: 1 });
  const { body } = await create('habits');
  expect(body.error.code).toBe(9);
  const path = /\/_sandbox\/logs\/\S+/.exec(body.error.message)?.[0] ?? '';
  expect((await cloud.call('GET', path)).body).toContain('DATABASE_URL');
});

test('the log of a service is there after the service is gone', async () => {
  await cloud.call('PUT', '/_sandbox/faults/services', { service: 'diary', times: 1 });
  const { body } = await create('diary');
  const path = /\/_sandbox\/logs\/\S+/.exec(body.error.message)?.[0] ?? '';
  await cloud.done('DELETE', `/v2/${PARENT}/services/diary`);
  expect((await cloud.call('GET', `/v2/${PARENT}/services/diary`)).status).toBe(404);
  expect((await cloud.call('GET', path)).body).toContain('DATABASE_URL');
});

test('smoke: ready by its probe, 500 everywhere else, and only while the fault is on', async () => {
  await cloud.call('PUT', '/_sandbox/faults/smoke', { times: 1 });
  const { body } = await create('journal');
  expect(body.response.terminalCondition.state).toBe('CONDITION_SUCCEEDED');
  const { uri } = body.response;
  expect((await fetch(`${uri}/entries`)).status).toBe(500);
  expect((await fetch(`${uri}/started`)).status).toBe(200);
  const other = await create('movements');
  expect((await fetch(`${other.body.response.uri}/entries`)).status).toBe(200);
});

test('promote: the traffic of the one service is refused, a mere tag is not', async () => {
  const { body } = await create('practices');
  const revision = body.response.latestReadyRevision.split('/').at(-1);
  await cloud.call('PUT', '/_sandbox/faults/promote', {});
  const path = `/v2/${PARENT}/services/practices?updateMask=traffic`;
  const latest = { type: 1, percent: 100 };
  const tag = { type: 2, revision, percent: 0, tag: 'candidate' };
  expect((await cloud.call('PATCH', path, { traffic: [latest, tag] })).status).toBe(200);
  const moved = { traffic: [{ type: 2, revision, percent: 100 }] };
  const refused = (await cloud.call('PATCH', path, moved)).body;
  expect(refused.error).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' });
});
