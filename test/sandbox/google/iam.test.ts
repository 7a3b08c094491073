import { expect, test } from 'vitest';
import { mintAccessToken } from '../../../sandbox/google/tokens.ts';
import { openSandbox, PROJECT, type TestSandbox } from './sandbox.ts';

const EMAIL = `run-meals@${PROJECT}.iam.gserviceaccount.com`;
const MEMBER = `serviceAccount:${EMAIL}`;
const SECRET = `/v1/projects/${PROJECT}/secrets/meals-database`;
const ACCESSOR = 'roles/secretmanager.secretAccessor';

async function withSecret(): Promise<{ sandbox: TestSandbox; as: string }> {
  const sandbox = await openSandbox();
  const create = { accountId: 'run-meals', serviceAccount: { displayName: 'meals' } };
  await sandbox.call('POST', `/v1/projects/${PROJECT}/serviceAccounts`, create);
  const secret = { replication: { automatic: {} } };
  await sandbox.call('POST', `/v1/projects/${PROJECT}/secrets?secretId=meals-database`, secret);
  await sandbox.call('POST', `${SECRET}:addVersion`, { payload: { data: 'aGVsbG8=' } });
  return { sandbox, as: mintAccessToken(sandbox.world, EMAIL).accessToken };
}

function grant(sandbox: TestSandbox, members: string[], etag?: string) {
  const policy = { bindings: [{ role: ACCESSOR, members }], version: 3 };
  const body = { policy: { ...policy, ...(etag === undefined ? {} : { etag }) } };
  return sandbox.call('POST', `${SECRET}:setIamPolicy`, body);
}

test('nobody enters without a token that the sandbox knows', async () => {
  const sandbox = await openSandbox();
  const { status, body } = await sandbox.call('GET', SECRET, undefined, 'guessed');
  expect(status).toBe(401);
  expect(body.error).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
  expect(await sandbox.call('GET', '/storage/v1/b/x', undefined, '')).toMatchObject({
    status: 401,
  });
});

test('an account reads a secret only after its binding has spread', async () => {
  const { sandbox, as } = await withSecret();
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 120_000 });
  const read = () => sandbox.call('GET', `${SECRET}/versions/latest:access`, undefined, as);
  expect(await read()).toMatchObject({
    status: 403,
    body: { error: { status: 'PERMISSION_DENIED' } },
  });
  expect(await grant(sandbox, [MEMBER])).toMatchObject({ status: 200 });
  expect(await read()).toMatchObject({ status: 403 });
  sandbox.pass(120_000);
  expect((await read()).body.payload).toEqual({ data: 'aGVsbG8=', dataCrc32c: '2591144780' });
  await grant(sandbox, []);
  expect(await read()).toMatchObject({ status: 200 });
  sandbox.pass(120_000);
  expect(await read()).toMatchObject({ status: 403 });
});

test('a binding on the project holds for what is inside it', async () => {
  const { sandbox, as } = await withSecret();
  sandbox.world.profile.set({ name: 'zero', iamSpreadMs: 0 });
  const policy = { bindings: [{ role: ACCESSOR, members: [MEMBER] }] };
  await sandbox.call('POST', `/v1/projects/${PROJECT}:setIamPolicy`, { policy });
  const access = `${SECRET}/versions/1:access`;
  expect(await sandbox.call('GET', access, undefined, as)).toMatchObject({ status: 200 });
  expect(await sandbox.call('GET', SECRET, undefined, as)).toMatchObject({ status: 403 });
});

test('a stale etag is refused, and an empty policy is version and etag alone', async () => {
  const { sandbox } = await withSecret();
  const empty = await sandbox.call('GET', `${SECRET}:getIamPolicy`);
  expect(Object.keys(empty.body).sort()).toEqual(['etag', 'version']);
  expect(await grant(sandbox, [MEMBER], empty.body.etag)).toMatchObject({ status: 200 });
  expect(await grant(sandbox, [MEMBER], empty.body.etag)).toMatchObject({
    status: 409,
    body: { error: { status: 'ABORTED' } },
  });
});

test('a member that does not exist cannot be bound', async () => {
  const { sandbox } = await withSecret();
  const nobody = `serviceAccount:nobody@${PROJECT}.iam.gserviceaccount.com`;
  expect(await grant(sandbox, [nobody])).toMatchObject({ status: 400 });
});

test('a version that is disabled or destroyed gives nothing away', async () => {
  const { sandbox } = await withSecret();
  const version = `${SECRET}/versions/1`;
  expect((await sandbox.call('POST', `${version}:disable`, {})).body.state).toBe('DISABLED');
  expect(await sandbox.call('GET', `${version}:access`)).toMatchObject({
    status: 400,
    body: { error: { status: 'FAILED_PRECONDITION' } },
  });
  await sandbox.call('POST', `${version}:enable`, {});
  expect(await sandbox.call('GET', `${version}:access`)).toMatchObject({ status: 200 });
  await sandbox.call('POST', `${version}:destroy`, {});
  expect(await sandbox.call('POST', `${version}:enable`, {})).toMatchObject({ status: 400 });
});

test('a second create is a conflict, an unknown project is forbidden', async () => {
  const { sandbox } = await withSecret();
  const again = await sandbox.call(
    'POST',
    `/v1/projects/${PROJECT}/secrets?secretId=meals-database`,
    {},
  );
  expect(again).toMatchObject({ status: 409, body: { error: { status: 'ALREADY_EXISTS' } } });
  const elsewhere = await sandbox.call('POST', '/v1/projects/other-project/secrets?secretId=a', {});
  expect(elsewhere).toMatchObject({ status: 403 });
  expect(await sandbox.call('GET', '/v1/projects/other-project')).toMatchObject({ status: 403 });
});

test('an account acts for another only with the token creator role', async () => {
  const { sandbox, as } = await withSecret();
  const name = `/v1/projects/-/serviceAccounts/${EMAIL}`;
  const ask = { scope: ['https://www.googleapis.com/auth/cloud-platform'] };
  expect(await sandbox.call('POST', `${name}:generateAccessToken`, ask, as)).toMatchObject({
    status: 403,
  });
  const { body } = await sandbox.call('POST', `${name}:generateAccessToken`, ask);
  expect(await sandbox.call('GET', SECRET, undefined, body.accessToken)).toMatchObject({
    status: 403,
  });
  const made = await sandbox.call('POST', `${name}:generateIdToken`, { audience: 'https://a' });
  const info = await sandbox.call('GET', `/tokeninfo?id_token=${made.body.token}`);
  expect(info.body).toMatchObject({ aud: 'https://a', email: EMAIL });
  const [head, , signature] = made.body.token.split('.');
  const forged = `${head}.${Buffer.from('{}').toString('base64url')}.${signature}`;
  expect(await sandbox.call('GET', `/tokeninfo?id_token=${forged}`)).toMatchObject({ status: 401 });
});

test('what was granted is still there after a restart', async () => {
  const { sandbox } = await withSecret();
  await grant(sandbox, [MEMBER]);
  sandbox.world.close();
  const again = await openSandbox(`${sandbox.world.folder}/..`);
  const { body } = await again.call('GET', `${SECRET}:getIamPolicy`, undefined, sandbox.token);
  expect(body.bindings).toEqual([{ role: ACCESSOR, members: [MEMBER] }]);
});
