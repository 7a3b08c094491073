import { expect, test } from 'vitest';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

const P = `/v1/projects/${PROJECT}`;
const SECRET = `${P}/secrets/key`;
const automatic = { replication: { automatic: {} } };

async function withSecret(): Promise<TestSandbox> {
  const sandbox = await openSandbox();
  const made = await sandbox.call('POST', `${P}/secrets?secretId=key`, automatic);
  expect(made.status).toBe(200);
  return sandbox;
}

const grant = (sandbox: TestSandbox, resource: string, ...members: string[]) =>
  sandbox.call('POST', `${resource}:setIamPolicy`, {
    policy: { bindings: [{ role: 'roles/secretmanager.secretAccessor', members }] },
  });

test.each([
  ['no bytes', 0, 400],
  ['one byte', 1, 200],
  ['64 KiB', 65_536, 200],
  ['64 KiB and a byte', 65_537, 400],
])('a secret version of %s', async (_what, size, status) => {
  const sandbox = await withSecret();
  const data = Buffer.alloc(size, 'x').toString('base64');
  const added = await sandbox.call('POST', `${SECRET}:addVersion`, { payload: { data } });
  expect(added.status, JSON.stringify(added.body)).toBe(status);
  expect((await sandbox.call('GET', `${SECRET}/versions`)).body.totalSize).toBe(+(status === 200));
});

test('a secret without replication is not made', async () => {
  const sandbox = await openSandbox();
  const { body } = await sandbox.call('POST', `${P}/secrets?secretId=bare`, { labels: { a: 'b' } });
  expect(body.error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  expect((await sandbox.call('GET', `${P}/secrets/bare`)).status).toBe(404);
});

test.each([
  ['', 3],
  ['state:ENABLED', 2],
  ['state=DISABLED', 1],
  ['state!=DISABLED', 2],
  ['NOT state:ENABLED', 1],
  ['state:ENABLED AND name:versions/3', 1],
  ['state:ENABLED OR state:DISABLED', 3],
  ['create_time:*', 3],
  ['state:DESTROYED', 0],
])('versions are chosen by a filter: %s', async (filter, count) => {
  const sandbox = await withSecret();
  for (const data of ['YQ==', 'Yg==', 'Yw=='])
    await sandbox.call('POST', `${SECRET}:addVersion`, { payload: { data } });
  await sandbox.call('POST', `${SECRET}/versions/2:disable`, {});
  const path = `${SECRET}/versions?filter=${encodeURIComponent(filter)}`;
  const { body } = await sandbox.call('GET', path);
  expect([(body.versions ?? []).length, body.totalSize]).toEqual([count, count]);
});

test('secrets are chosen by their labels, and a filter that is none is refused', async () => {
  const sandbox = await withSecret();
  const labelled = { ...automatic, labels: { team: 'blue' } };
  await sandbox.call('POST', `${P}/secrets?secretId=blue`, labelled);
  const { body } = await sandbox.call('GET', `${P}/secrets?filter=labels.team%3Dblue`);
  expect(body.totalSize).toBe(1);
  expect((await sandbox.call('GET', `${P}/secrets?filter=nonsense`)).status).toBe(400);
});

test.each([
  [5, 400],
  [9, 400],
  [601, 400],
  [10, 200],
  [600, 200],
  [0, 200],
])('a subscription whose acknowledgement may take %i seconds', async (seconds, status) => {
  const sandbox = await openSandbox();
  const topic = `projects/${PROJECT}/topics/news`;
  await sandbox.call('PUT', `/v1/${topic}`, {});
  const name = `${P}/subscriptions/one`;
  const made = await sandbox.call('PUT', name, { topic, ackDeadlineSeconds: seconds });
  expect(made.status).toBe(status);
  const { body } = await sandbox.call('GET', `/v1/${topic}/subscriptions`);
  expect(body.subscriptions).toEqual(status === 200 ? [name.slice('/v1/'.length)] : []);
});

test('a deleted account stays in policies by its number, and its successor inherits nothing', async () => {
  const sandbox = await withSecret();
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 0 });
  const create = () => sandbox.call('POST', `${P}/serviceAccounts`, { accountId: 'run-one' });
  const { email, uniqueId } = (await create()).body;
  await grant(sandbox, SECRET, `serviceAccount:${email}`);
  await sandbox.call('DELETE', `${P}/serviceAccounts/${email}`);
  await create();
  const { body } = await sandbox.call('GET', `${SECRET}:getIamPolicy`);
  const deleted = `deleted:serviceAccount:${email}?uid=${uniqueId}`;
  expect(body.bindings[0].members).toEqual([deleted]);
  const kept = await grant(sandbox, SECRET, deleted, `serviceAccount:${email}`);
  expect(kept.status).toBe(200);
  expect((await grant(sandbox, SECRET)).body.bindings).toBeUndefined();
});

test('where the organization allows only its own members, nobody else gets into a policy', async () => {
  const sandbox = await withSecret();
  expect((await grant(sandbox, SECRET, 'allUsers')).status).toBe(200);
  await sandbox.call('PUT', '/_sandbox/walls/allowedPolicyMemberDomains', {});
  expect((await grant(sandbox, SECRET, 'allUsers')).status).toBe(200); // was there before
  await grant(sandbox, SECRET);
  for (const member of ['allUsers', 'allAuthenticatedUsers']) {
    for (const resource of [SECRET, P]) {
      const { body } = await grant(sandbox, resource, member);
      expect(body.error).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' });
      expect(body.error.message).toContain('do not belong to a permitted customer');
    }
  }
  await sandbox.call('DELETE', '/_sandbox/walls/allowedPolicyMemberDomains');
  expect((await grant(sandbox, SECRET, 'allUsers')).status).toBe(200);
  expect((await sandbox.call('PUT', '/_sandbox/walls/other', {})).status).toBe(400);
});

test('a budget is in the currency of its billing account, and takes it where it says none', async () => {
  const sandbox = await openSandbox();
  const account = 'billingAccounts/000000-000000-000001';
  await sandbox.call('PUT', `/_sandbox/${account}`, { currencyCode: 'EUR' });
  expect((await sandbox.call('GET', `/v1/${account}`)).body.currencyCode).toBe('EUR');
  const budget = (specifiedAmount: object) =>
    sandbox.call('POST', `/v1/${account}/budgets`, { amount: { specifiedAmount } });
  const refused = await budget({ currencyCode: 'USD', units: '100' });
  expect(refused.body.error.status).toBe('INVALID_ARGUMENT');
  const made = await budget({ units: '100' });
  expect(made.body.amount.specifiedAmount).toEqual({ currencyCode: 'EUR', units: '100' });
  const changed = await sandbox.call('PATCH', `/v1/${made.body.name}?updateMask=amount`, {
    amount: { specifiedAmount: { currencyCode: 'USD', units: '1' } },
  });
  expect(changed.status).toBe(400);
});
