import { ServicesClient } from '@google-cloud/run';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

const one = `${PARENT}/services/users`;
let cloud: Cloud;
let image: string;
let client: ServicesClient;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving(`'fine'`));
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: cloud.token });
  client = new ServicesClient({
    ...{ fallback: 'rest', protocol: 'http', apiEndpoint: '127.0.0.1', port: cloud.door.port },
    ...{ projectId: 'demo-prod', authClient },
  });
});
afterAll(async () => {
  await client.close();
  await cloud[Symbol.asyncDispose]();
});

test('Google’s own client creates, reads, promotes and deletes', async () => {
  const template = { containers: [{ image }], serviceAccount: ACCOUNT };
  const [creating] = await client.createService({
    ...{ parent: PARENT, serviceId: 'users', service: { template } },
  });
  const [made] = await creating.promise();
  expect(made.latestReadyRevision).toContain('users-00001-');
  const [read] = await client.getService({ name: one });
  expect(read.terminalCondition?.state).toBe('CONDITION_SUCCEEDED');
  const revision = read.latestReadyRevision?.split('/').at(-1) ?? '';
  const [promoting] = await client.updateService({
    updateMask: { paths: ['traffic'] },
    service: {
      name: one,
      traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision, percent: 100 }],
    },
  });
  const [promoted] = await promoting.promise();
  expect(promoted.trafficStatuses?.[0]).toMatchObject({ revision, percent: 100 });
  expect(promoted.latestCreatedRevision).toBe(made.latestCreatedRevision);
  const [removing] = await client.deleteService({ name: one });
  await removing.promise();
  await expect(client.getService({ name: one })).rejects.toMatchObject({ code: 5 });
});

// The bodies below have the shape of what the real provider 7.45.0 was recorded sending.
const provider = (cpu: string) => ({
  ingress: 'INGRESS_TRAFFIC_ALL',
  labels: { 'goog-terraform-provisioned': 'true' },
  scaling: { minInstanceCount: 1 },
  template: {
    containers: [
      {
        image,
        resources: { cpuIdle: true, limits: { cpu, memory: '512Mi' }, startupCpuBoost: true },
        startupProbe: {
          ...{ failureThreshold: 3, periodSeconds: 10, timeoutSeconds: 1 },
          ...{ grpc: null, httpGet: { path: '/healthz' }, tcpSocket: null },
        },
      },
    ],
    serviceAccount: ACCOUNT,
  },
});

test('the provider’s create and whole-object PATCH come back as they were sent', async () => {
  const path = `/v2/${PARENT}/services`;
  const made = await cloud.done('POST', `${path}?alt=json&serviceId=meals`, provider('1'));
  const [container] = made.body.response.template.containers;
  expect(container.resources).toEqual(provider('1').template.containers[0]?.resources);
  expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 8080 });
  expect(made.body.response).toMatchObject({
    ...{ launchStage: 'GA', scaling: { minInstanceCount: 1 } },
    labels: { 'goog-terraform-provisioned': 'true' },
  });
  for (const invented of ['client', 'annotations', 'description', 'customAudiences']) {
    expect(made.body.response).not.toHaveProperty(invented);
  }
  const changed = { ...provider('2'), launchStage: 'GA' };
  const { body } = await cloud.done('PATCH', `${path}/meals?alt=json`, changed);
  expect(body.response.generation).toBe('2');
  expect(body.response.latestReadyRevision).toContain('meals-00002-');
});

test('a service made through v1 is the same service in v2', async () => {
  const namespace = '/apis/serving.knative.dev/v1/namespaces/demo-prod/services';
  const spec = {
    ...{ containers: [{ image, resources: { limits: { cpu: '1', memory: '512Mi' } } }] },
    ...{ serviceAccountName: ACCOUNT, containerConcurrency: 80, timeoutSeconds: 300 },
  };
  const annotations = { 'autoscaling.knative.dev/maxScale': '3' };
  const made = await cloud.call('POST', namespace, {
    ...{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'habits' } },
    spec: { template: { metadata: { annotations }, spec } },
  });
  expect(made.status).toBe(200);
  const v1 = async () => (await cloud.call('GET', `${namespace}/habits`)).body;
  await expect.poll(async () => (await v1()).status.conditions[0].status).toBe('True');
  const { body: v2 } = await cloud.call('GET', `/v2/${PARENT}/services/habits`);
  expect(v2.uid).toBe((await v1()).metadata.uid);
  expect(v2.template).toMatchObject({
    ...{ scaling: { maxInstanceCount: 3 }, timeout: '300s', serviceAccount: ACCOUNT },
    containers: [{ ports: [{ name: 'http1', containerPort: 8080 }], resources: { cpuIdle: true } }],
  });
  const same = { ...v2, template: v2.template, launchStage: 'GA' };
  const { body } = await cloud.done('PATCH', `/v2/${PARENT}/services/habits`, same);
  expect(body.response.latestCreatedRevision).toBe(v2.latestCreatedRevision);
});
