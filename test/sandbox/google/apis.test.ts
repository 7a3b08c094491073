import { expect, test } from 'vitest';
import { z } from 'zod';
import { mintAccessToken } from '../../../sandbox/google/tokens.ts';
import { neededApis } from '../../../src/bootstrap/needed-apis.ts';
import { openSandbox, PROJECT, tempFolder, type TestSandbox } from './sandbox.ts';

const P = `/v1/projects/${PROJECT}`;
const L = `${P}/locations/us-central1`;
const RUN = 'run.googleapis.com';
const open = () => openSandbox(tempFolder(), { walls: true });

const enable = (sandbox: TestSandbox, ...serviceIds: string[]) =>
  sandbox.call('POST', `${P}/services:batchEnable`, { serviceIds });
const disable = (sandbox: TestSandbox, api: string) =>
  sandbox.call('POST', `${P}/services/${api}:disable`, {});

const calls = [
  ['artifactregistry.googleapis.com', 'GET', `${L}/repositories`],
  ['artifactregistry.googleapis.com', 'GET', `${L}/repositories/images/dockerImages`],
  ['cloudbuild.googleapis.com', 'GET', `${L}/builds`],
  ['iam.googleapis.com', 'GET', `${P}/serviceAccounts`],
  ['iam.googleapis.com', 'POST', `${L}/workloadIdentityPools?workloadIdentityPoolId=ci`],
  ['monitoring.googleapis.com', 'GET', `/v3/projects/${PROJECT}/notificationChannels`],
  ['pubsub.googleapis.com', 'GET', `${P}/topics`],
  ['pubsub.googleapis.com', 'PUT', `${P}/topics/news`],
  ['secretmanager.googleapis.com', 'GET', `${P}/secrets`],
  ['secretmanager.googleapis.com', 'GET', `${P}/secrets/one/versions/latest:access`],
  ['storage.googleapis.com', 'GET', `/storage/v1/b?project=${PROJECT}`],
  ['storage.googleapis.com', 'POST', `/storage/v1/b?project=${PROJECT}`],
] as const;

test.each(calls)('%s is off in a new project: %s %s', async (api, method, path) => {
  const sandbox = await open();
  const { projectNumber } = (await sandbox.call('GET', P)).body;
  const sent = method === 'GET' ? undefined : {};
  const { status, body } = await sandbox.call(method, path, sent);
  expect(status).toBe(403);
  const url = `https://console.developers.google.com/apis/api/${api}/overview?project=${projectNumber}`;
  expect(body.error).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' });
  expect(body.error.message).toContain(`has not been used in project ${projectNumber} before`);
  expect(body.error.details).toEqual([
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'SERVICE_DISABLED',
      domain: 'googleapis.com',
      metadata: expect.objectContaining({
        service: api,
        consumer: `projects/${projectNumber}`,
        activationUrl: url,
      }),
    },
    expect.objectContaining({ locale: 'en-US' }),
    {
      '@type': 'type.googleapis.com/google.rpc.Help',
      links: [{ description: 'Google developers console API activation', url }],
    },
  ]);
  expect((await enable(sandbox, api)).status).toBe(200);
  expect((await sandbox.call(method, path, sent)).body.error?.details).toBeUndefined();
});

test('who may do nothing is told the same, and who shows no token is not', async () => {
  const sandbox = await open();
  await enable(sandbox, 'iam.googleapis.com');
  const { email } = (await sandbox.call('POST', `${P}/serviceAccounts`, { accountId: 'run-one' }))
    .body;
  const as = mintAccessToken(sandbox.world, email).accessToken;
  const { body } = await sandbox.call('GET', `${P}/secrets`, undefined, as);
  expect(body.error.details[0].reason).toBe('SERVICE_DISABLED');
  expect((await sandbox.call('GET', `${P}/secrets`, undefined, 'guessed')).status).toBe(401);
  await enable(sandbox, 'secretmanager.googleapis.com');
  expect((await sandbox.call('GET', `${P}/secrets`, undefined, as)).body.error.message).toContain(
    "Permission 'secretmanager.secrets.list' denied",
  );
});

test('an account, a bucket and who pays lead to their project', async () => {
  const sandbox = await open();
  const off = async (method: string, path: string, headers = {}) => {
    const url = `${sandbox.door.url}${path}`;
    const authorization = `Bearer ${sandbox.token}`;
    const answer = await fetch(url, { method, headers: { authorization, ...headers } });
    return (await answer.text()).includes('has not been used in project');
  };
  await enable(sandbox, 'iam.googleapis.com', 'storage.googleapis.com');
  await sandbox.call('POST', `${P}/serviceAccounts`, { accountId: 'run-one' });
  await sandbox.call('POST', `/storage/v1/b?project=${PROJECT}`, { name: 'some-bucket' });
  const account = `/v1/projects/-/serviceAccounts/run-one@${PROJECT}.iam.gserviceaccount.com`;
  expect(await off('POST', `${account}:generateAccessToken`)).toBe(true);
  expect(await off('GET', account)).toBe(false);
  await disable(sandbox, 'iam.googleapis.com');
  expect(await off('GET', account)).toBe(true);
  expect(await off('GET', '/storage/v1/b/some-bucket/o')).toBe(false);
  await disable(sandbox, 'storage.googleapis.com');
  for (const path of ['/storage/v1/b/some-bucket/o', '/some-bucket/object'])
    expect(await off('GET', path)).toBe(true);
  expect(await off('GET', '/storage/v1/b/another-bucket')).toBe(false);
  const budgets = '/v1/billingAccounts/000000-000000-000000/budgets';
  expect(await off('GET', budgets, { 'x-goog-user-project': PROJECT })).toBe(true);
  expect(await off('GET', `/v2/${PROJECT}/images/app/tags/list`)).toBe(true);
});

test('the older body of storage names its own reason', async () => {
  const sandbox = await open();
  const { body } = await sandbox.call('GET', `/storage/v1/b?project=${PROJECT}`);
  expect(body.error.errors).toMatchObject([
    { domain: 'usageLimits', reason: 'accessNotConfigured' },
  ]);
});

test('after it was enabled an API is refused for as long as the profile says', async () => {
  const sandbox = await open();
  sandbox.world.profile.set({ name: 'zero', apiSpreadMs: 60_000 });
  await enable(sandbox, 'pubsub.googleapis.com');
  const state = await sandbox.call('GET', `${P}/services/pubsub.googleapis.com`);
  expect(state.body.state).toBe('ENABLED');
  expect((await sandbox.call('GET', `${P}/topics`)).status).toBe(403);
  sandbox.pass(60_000);
  expect((await sandbox.call('GET', `${P}/topics`)).status).toBe(200);
  await enable(sandbox, 'pubsub.googleapis.com'); // again is no news
  expect((await sandbox.call('GET', `${P}/topics`)).status).toBe(200);
  expect(sandbox.world.profile.set({ name: 'cloud' }).apiSpreadMs).toBe(60_000);
  expect(sandbox.world.profile.set({ name: 'zero' }).apiSpreadMs).toBe(0);
});

test('what switches the others on is on, and can be switched off', async () => {
  const sandbox = await open();
  expect((await sandbox.call('GET', P)).status).toBe(200);
  await disable(sandbox, 'cloudresourcemanager.googleapis.com');
  expect((await sandbox.call('GET', P)).status).toBe(403);
  await disable(sandbox, 'serviceusage.googleapis.com');
  const { body } = await enable(sandbox, RUN);
  expect(body.error.details[0].metadata.service).toBe('serviceusage.googleapis.com');
});

test('Service Usage lists by state, gets many, and knows neither every name nor more than 20 at once', async () => {
  const sandbox = await open();
  const names = async (filter: string) => {
    const { body } = await sandbox.call('GET', `${P}/services?filter=state:${filter}`);
    return body.services.map((one: { config: { name: string } }) => one.config.name);
  };
  expect(await names('DISABLED')).toEqual(expect.arrayContaining([RUN, 'storage.googleapis.com']));
  const made = await enable(sandbox, ...neededApis);
  expect(made.body.response.services).toHaveLength(neededApis.length);
  expect(await names('ENABLED')).toEqual(expect.arrayContaining([...neededApis]));
  const [one, two] = [
    `names=projects/1/services/${RUN}`,
    'names=projects/1/services/dns.googleapis.com',
  ];
  const { body } = await sandbox.call('GET', `${P}/services:batchGet?${one}&${two}`);
  expect(body.services.map(({ state }: { state: string }) => state)).toEqual([
    'ENABLED',
    'DISABLED',
  ]);
  expect((await enable(sandbox, 'unheard.googleapis.com')).body.error.details[0].reason).toBe(
    'SERVICE_CONFIG_NOT_FOUND_OR_PERMISSION_DENIED',
  );
  const many = Array.from({ length: 21 }, () => RUN);
  expect((await enable(sandbox, ...many)).status).toBe(400);
});

test('the wall can be lowered by name, and a world of before has none', async () => {
  const sandbox = await open();
  const asked = async () => (await sandbox.call('GET', `${P}/secrets`)).status;
  expect(await asked()).toBe(403);
  await sandbox.call('PUT', '/_sandbox/walls', { apis: 'off' });
  expect(await asked()).toBe(200);
  await sandbox.call('PUT', '/_sandbox/walls', {});
  expect(await asked()).toBe(403);
  sandbox.world.collection('walls', z.boolean()).delete('apis');
  await sandbox.call('PUT', '/_sandbox/walls', {});
  await sandbox.call('PUT', '/_sandbox/projects/another-project');
  expect(await asked()).toBe(200);
});
