import { expect, test } from 'vitest';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

const SECRETS = `/v1/projects/${PROJECT}/secrets`;
const FAULTS = '/_sandbox/faults';

async function setPolicy(sandbox: TestSandbox, secret: string): Promise<number> {
  const path = `${SECRETS}/${secret}:setIamPolicy`;
  return (await sandbox.call('POST', path, { policy: {} })).status;
}

async function withSecrets(ids: readonly string[]): Promise<TestSandbox> {
  const sandbox = await openSandbox();
  for (const id of ids)
    await sandbox.call('POST', `${SECRETS}?secretId=${id}`, { replication: { automatic: {} } });
  return sandbox;
}

test('the fault foundation refuses one secret for good and lets the others through', async () => {
  const sandbox = await withSecrets(['a', 'b', 'c', 'd']);
  await sandbox.call('PUT', `${FAULTS}/foundation`, { after: 2 });
  const answers = [];
  for (const id of ['a', 'b', 'c', 'd', 'c', 'a']) answers.push(await setPolicy(sandbox, id));
  expect(answers).toEqual([200, 200, 400, 200, 400, 200]);
  await sandbox.call('DELETE', `${FAULTS}/foundation`);
  expect(await setPolicy(sandbox, 'c')).toBe(200);
});

test('a fault counts down its times and then is gone', async () => {
  const sandbox = await withSecrets(['a']);
  const fault = { method: 'GET', pathPattern: '/secrets/a$', status: 503, times: 2 };
  await sandbox.call('PUT', `${FAULTS}/http`, fault);
  expect(await sandbox.call('GET', SECRETS)).toMatchObject({ status: 200 });
  const answers = [];
  for (let turn = 0; turn < 3; turn += 1) {
    answers.push((await sandbox.call('GET', `${SECRETS}/a`)).status);
  }
  expect(answers).toEqual([503, 503, 200]);
  expect((await sandbox.call('GET', FAULTS)).body).toEqual({});
});

test('where the acknowledgement is lost the work was done', async () => {
  const sandbox = await openSandbox();
  await sandbox.call('PUT', `${FAULTS}/ack-lost`, {
    method: 'POST',
    pathPattern: 'secrets',
    times: 1,
  });
  await expect(
    sandbox.call('POST', `${SECRETS}?secretId=a`, { replication: { automatic: {} } }),
  ).rejects.toThrow('fetch failed');
  expect(
    await sandbox.call('POST', `${SECRETS}?secretId=a`, { replication: { automatic: {} } }),
  ).toMatchObject({ status: 409 });
});

test('faults and profile survive a restart', async () => {
  const sandbox = await openSandbox();
  await sandbox.call('PUT', `${FAULTS}/promote`, { service: 'practices' });
  await sandbox.call('PUT', '/_sandbox/profile', { name: 'cloud', errorRate: 0 });
  sandbox.world.close();
  const again = await openSandbox(`${sandbox.world.folder}/..`);
  expect((await again.call('GET', FAULTS)).body).toEqual({ promote: { service: 'practices' } });
  expect((await again.call('GET', '/_sandbox/profile')).body).toMatchObject({
    name: 'cloud',
    iamSpreadMs: 120_000,
  });
});

test('the cloud profile fails the same calls whenever it has the same seed', async () => {
  const sandbox = await withSecrets(['a']);
  const run = async (): Promise<number[]> => {
    await sandbox.call('PUT', '/_sandbox/profile', { name: 'cloud', errorRate: 0.3, seed: 7 });
    const answers = [];
    for (let turn = 0; turn < 20; turn += 1) {
      answers.push((await sandbox.call('GET', `${SECRETS}/a`)).status);
    }
    return answers;
  };
  const first = await run();
  expect(new Set(first)).toEqual(new Set([200, 429, 503]));
  expect(await run()).toEqual(first);
});

test('the switches obey the owner only, health answers all', async () => {
  const sandbox = await openSandbox();
  expect(await sandbox.call('GET', FAULTS, undefined, 'x')).toMatchObject({ status: 401 });
  expect(await sandbox.call('GET', '/_sandbox/health', undefined, 'x')).toMatchObject({
    status: 200,
  });
});
