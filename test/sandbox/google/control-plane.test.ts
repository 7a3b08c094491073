import { expect, test } from 'vitest';
import { mintAccessToken } from '../../../sandbox/google/tokens.ts';
import { openSandbox, PROJECT, tempFolder } from './sandbox.ts';

const P = `/v1/projects/${PROJECT}`;

test('an API that was switched on is listed with the project number', async () => {
  const sandbox = await openSandbox(tempFolder(), { walls: true });
  const enable = await sandbox.call('POST', `${P}/services/run.googleapis.com:enable`, {});
  expect(enable.body.done).toBe(true);
  const { body: project } = await sandbox.call('GET', P);
  const { body } = await sandbox.call('GET', `${P}/services?filter=state:ENABLED&pageSize=200`);
  const name = `projects/${project.projectNumber}/services/run.googleapis.com`;
  expect(body.services).toContainEqual(expect.objectContaining({ name, state: 'ENABLED' }));
  expect(body.services).toHaveLength(4); // and the three that are on by themselves
});

test.each([
  ['/v1/billingAccounts/000000-000000-000000/budgets', 'displayName'],
  [`/v3/projects/${PROJECT}/notificationChannels`, 'displayName'],
  [`/v3/projects/${PROJECT}/alertPolicies`, 'displayName'],
])('%s echoes what it was told, changes and forgets', async (path, field) => {
  const sandbox = await openSandbox();
  const version = path.slice(0, 3);
  const told = { [field]: 'one', nested: { a: 1, b: 2 } };
  const { body: made } = await sandbox.call('POST', path, told);
  const one = `${version}/${made.name}`;
  expect((await sandbox.call('GET', one)).body).toMatchObject(told);
  const change = { [field]: 'two', nested: { b: 3 } };
  const changed = await sandbox.call('PATCH', `${one}?updateMask=${field},nested.b`, change);
  expect(changed.body).toMatchObject({ [field]: 'two', nested: { a: 1, b: 3 } });
  expect(await sandbox.call('DELETE', `${one}?force=false`)).toMatchObject({ status: 200 });
  expect(await sandbox.call('GET', one)).toMatchObject({ status: 404 });
});

test('a pool and its provider come by operations that end', async () => {
  const sandbox = await openSandbox();
  const pools = `${P}/locations/global/workloadIdentityPools`;
  const pool = await sandbox.call('POST', `${pools}?workloadIdentityPoolId=ci`, {});
  expect((await sandbox.call('GET', `/v1/${pool.body.name}`)).body.done).toBe(true);
  const path = `${pools}/ci/providers?workloadIdentityPoolProviderId=gh`;
  const provider = await sandbox.call('POST', path, { attributeCondition: 'true' });
  expect((await sandbox.call('GET', `/v1/${provider.body.name}`)).body.done).toBe(true);
  expect((await sandbox.call('GET', `${pools}/ci/providers/gh`)).body).toMatchObject({
    name: `projects/${PROJECT}/locations/global/workloadIdentityPools/ci/providers/gh`,
    attributeCondition: 'true',
    state: 'ACTIVE',
  });
  expect(await sandbox.call('GET', `${pools}/ci:listAttestationRules`)).toMatchObject({
    status: 200,
  });
});

test('an account that was given nothing may do nothing', async () => {
  const sandbox = await openSandbox();
  const create = { accountId: 'run-meals' };
  const { body } = await sandbox.call('POST', `${P}/serviceAccounts`, create);
  const as = mintAccessToken(sandbox.world, body.email).accessToken;
  const verbs: [string, string, unknown?][] = [
    ['GET', P],
    ['POST', `${P}/serviceAccounts`, { accountId: 'another' }],
    ['DELETE', `${P}/serviceAccounts/${body.email}`],
    ['GET', `${P}/secrets`],
    ['POST', `${P}/secrets?secretId=a`, { replication: { automatic: {} } }],
    ['GET', `${P}/services`],
    ['POST', `${P}/services/run.googleapis.com:enable`, {}],
    ['POST', `/storage/v1/b?project=${PROJECT}`, { name: 'some-bucket' }],
    ['POST', `${P}/locations/us-central1/repositories?repository_id=a`, {}],
    ['POST', '/v1/billingAccounts/000000-000000-000000/budgets', {}],
    ['POST', `/v3/projects/${PROJECT}/alertPolicies`, {}],
  ];
  for (const [method, path, sent] of verbs) {
    const answer = await sandbox.call(method, path, sent, as);
    expect({ path, status: answer.status }).toEqual({ path, status: 403 });
  }
});

test('what is not there is 404 or 501, never a server error', async () => {
  const sandbox = await openSandbox();
  for (const path of ['/v1/operations/none', `${P}/unheardOf`, '/storage/v1/b/x/anywhereCaches/']) {
    expect((await sandbox.call('POST', path, {})).status).toBe(404);
    expect((await sandbox.call('GET', path)).body.error).toMatchObject({ status: 'NOT_FOUND' });
  }
});
