import { expect, test } from 'vitest';
import { mintAccessToken } from '../../../sandbox/google/tokens.ts';
import { openSandbox, PROJECT, tempFolder, type TestSandbox } from './sandbox.ts';

const P = `/v1/projects/${PROJECT}`;
const CREATOR = 'roles/iam.serviceAccountTokenCreator';
const verbs = ['getAccessToken', 'getOpenIdToken', 'implicitDelegation', 'signBlob', 'signJwt'];
const permissions = verbs.map((verb) => `iam.serviceAccounts.${verb}`);
const email = (name: string) => `${name}@${PROJECT}.iam.gserviceaccount.com`;
const OF = `/v1/projects/-/serviceAccounts/${email('run-one')}`;

async function withAccounts(): Promise<TestSandbox> {
  const sandbox = await openSandbox(tempFolder(), { walls: true });
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 0 });
  const serviceIds = ['iam.googleapis.com', 'iamcredentials.googleapis.com'];
  await sandbox.call('POST', `${P}/services:batchEnable`, { serviceIds });
  for (const accountId of ['run-one', 'windlass-deployer'])
    await sandbox.call('POST', `${P}/serviceAccounts`, { accountId });
  return sandbox;
}

const grant = (sandbox: TestSandbox, on: string, role: string, member: string) =>
  sandbox.call('POST', `${on}:setIamPolicy`, {
    policy: { bindings: [{ role, members: [member] }] },
  });

const scope = ['https://www.googleapis.com/auth/cloud-platform'];
const access = (sandbox: TestSandbox, as?: string) =>
  sandbox.call('POST', `${OF}:generateAccessToken`, { scope }, as);
const identity = (sandbox: TestSandbox, as?: string) =>
  sandbox.call('POST', `${OF}:generateIdToken`, { audience: 'https://a' }, as);

test('the owner makes no token of an account, and sees that it may not', async () => {
  const sandbox = await withAccounts();
  for (const { status, body } of [await access(sandbox), await identity(sandbox)]) {
    expect(status).toBe(403);
    expect(body.error.message).toMatch(/^Permission 'iam\.serviceAccounts\.get\w+' denied/);
  }
  const asked = [...permissions, 'iam.serviceAccounts.actAs'];
  const { body } = await sandbox.call('POST', `${P}:testIamPermissions`, { permissions: asked });
  expect(body.permissions).toEqual(['iam.serviceAccounts.actAs']);
});

test.each(['roles/owner', 'roles/editor', 'roles/iam.serviceAccountAdmin'])(
  'who holds %s makes none',
  async (role) => {
    const sandbox = await withAccounts();
    await grant(sandbox, P, role, `serviceAccount:${email('windlass-deployer')}`);
    const as = mintAccessToken(sandbox.world, email('windlass-deployer')).accessToken;
    expect((await sandbox.call('GET', OF, undefined, as)).status).toBe(200);
    expect([(await access(sandbox, as)).status, (await identity(sandbox, as)).status]).toEqual([
      403, 403,
    ]);
  },
);

test.each([
  ['the account', OF],
  ['the project', P],
])('the role for it on %s makes tokens, once it has spread', async (_where, on) => {
  const sandbox = await withAccounts();
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 120_000 });
  await grant(sandbox, on, CREATOR, 'user:owner@sandbox');
  expect((await access(sandbox)).status).toBe(403);
  sandbox.pass(120_000);
  expect([(await access(sandbox)).status, (await identity(sandbox)).status]).toEqual([200, 200]);
  const { body } = await sandbox.call('POST', `${on}:testIamPermissions`, { permissions });
  expect(body.permissions).toEqual(permissions);
});

test('the person’s grant is not the deployer’s', async () => {
  const sandbox = await withAccounts();
  await grant(sandbox, P, CREATOR, 'user:owner@sandbox');
  const as = mintAccessToken(sandbox.world, email('windlass-deployer')).accessToken;
  expect((await access(sandbox)).status).toBe(200);
  expect((await access(sandbox, as)).status).toBe(403);
});
