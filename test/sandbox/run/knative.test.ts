import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

const v1 = '/apis/serving.knative.dev/v1/namespaces/demo-prod';
const one = `/v2/${PARENT}/services/users`;
let cloud: Cloud;
let image: string;

/** All that a user can say in v2 and only partly in v1. */
const asked = () => ({
  ...{ invokerIamDisabled: true, description: 'who they are', annotations: { team: 'blue' } },
  ...{ labels: { tier: 'one' }, scaling: { minInstanceCount: 1 } },
  template: {
    ...{ serviceAccount: ACCOUNT, executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2' },
    ...{ scaling: { minInstanceCount: 1, maxInstanceCount: 7 }, sessionAffinity: true },
    ...{ labels: { run: 'a' }, annotations: { note: 'b' }, timeout: '30.5s' },
    volumes: [{ name: 'scratch', emptyDir: { medium: 'MEMORY', sizeLimit: '32Mi' } }],
    containers: [
      {
        ...{ image, env: [{ name: 'A', value: '1' }] },
        resources: { limits: { cpu: '1', memory: '512Mi' }, startupCpuBoost: true },
        startupProbe: { httpGet: { path: '/' }, periodSeconds: 1, failureThreshold: 20 },
      },
    ],
  },
});

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving(`env.A + ' ' + env.K_REVISION`));
  const made = await cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, asked());
  expect(made.body.error).toBeUndefined();
});
afterAll(() => cloud[Symbol.asyncDispose]());

const get = async (path: string) => (await cloud.call('GET', path)).body;

test('a v1 PUT of what a v1 GET showed changes nothing of a service made through v2', async () => {
  const before = await get(one);
  const put = await cloud.call('PUT', `${v1}/services/users`, await get(`${v1}/services/users`));
  expect(put.status, JSON.stringify(put.body)).toBe(200);
  expect(await get(one)).toEqual(before);
});

test('a v1 PUT of another split moves the traffic, and makes no revision', async () => {
  const before = await get(one);
  const shown = await get(`${v1}/services/users`);
  const name = shown.status.latestReadyRevisionName;
  const traffic = [{ revisionName: name, percent: 100, tag: 'now' }];
  await cloud.call('PUT', `${v1}/services/users`, { ...shown, spec: { ...shown.spec, traffic } });
  const after = await get(one);
  expect(after.template).toEqual(before.template);
  expect(after.latestCreatedRevision).toBe(before.latestCreatedRevision);
  expect(after.traffic).toMatchObject([{ revision: name, percent: 100, tag: 'now' }]);
});

test('a v1 PUT of another variable keeps what v1 has no words for', async () => {
  const shown = await get(`${v1}/services/users`);
  shown.spec.template.spec.containers[0].env[0].value = '2';
  await cloud.call('PUT', `${v1}/services/users`, shown);
  const { template, scaling, description } = await get(one);
  expect(template.containers[0].env).toEqual([{ name: 'A', value: '2' }]);
  expect({ scaling, description, template }).toMatchObject({
    ...{ scaling: { minInstanceCount: 1 }, description: 'who they are' },
    template: {
      ...{ scaling: { minInstanceCount: 1, maxInstanceCount: 7 }, sessionAffinity: true },
      containers: [{ resources: { startupCpuBoost: true } }],
      volumes: [{ emptyDir: { medium: 'MEMORY', sizeLimit: '32Mi' } }],
    },
  });
});

test('v1 lists and shows revisions, of one service by its label, in pages', async () => {
  const all = await get(`${v1}/revisions?labelSelector=serving.knative.dev/service%3Dusers`);
  const names = all.items.map((item: { metadata: { name: string } }) => item.metadata.name);
  expect(names).toHaveLength(2);
  expect(
    (await get(`${v1}/revisions?labelSelector=serving.knative.dev/service=other`)).items,
  ).toEqual([]);
  const first = await get(`${v1}/revisions?limit=1`);
  const second = await get(`${v1}/revisions?limit=1&continue=${first.metadata.continue}`);
  expect([first, second].map(({ items }) => items[0].metadata.name)).toEqual(names);
  const shown = await get(`${v1}/revisions/${names[1]}`);
  expect(shown).toMatchObject({ kind: 'Revision', metadata: { labels: { run: 'a' } } });
});

test.each(['/v1', '/v2'])(
  '%s lists services and revisions of every region by `-`',
  async (version) => {
    const any = `${version}/projects/demo-prod/locations/-`;
    const [many, few] = [any, any.replace('/-', '/europe-west1')];
    const kept = (body: object) => Object.values(body).filter(Array.isArray).flat().length;
    expect(kept(await get(`${many}/services`))).toBe(1);
    expect(kept(await get(`${few}/services`))).toBe(0);
    const revisions = version === '/v1' ? '/revisions' : '/services/-/revisions';
    expect(kept(await get(`${many}${revisions}`))).toBe(2);
  },
);
