import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findIsolation } from '../../../sandbox/run/mount-namespace.ts';
import { ACCOUNT, type Cloud, openCloud, PARENT, prepare, pushImage, serving } from './cloud.ts';

const member = `serviceAccount:${ACCOUNT}`;
const secret = '/v1/projects/demo-prod/secrets/users-database';
let cloud: Cloud;
let image: string;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  // Reads as the contract says: below $SECRETS_DIR, which is /secrets where it is not set.
  const root = `(env.SECRETS_DIR ?? '/secrets')`;
  image = await pushImage(
    cloud,
    serving(`[
      readFileSync(${root} + '/database/value'), existsSync(${root} + '/other'),
      existsSync(${JSON.stringify(cloud.root)} + '/secret-volumes/demo-prod'), env.TOKEN,
    ].join(' ')`),
  );
  for (const [id, value] of [
    ['users-database', 'postgres://users'],
    ['users-other', 'not mounted'],
  ]) {
    const path = '/v1/projects/demo-prod/secrets';
    await cloud.call('POST', `${path}?secretId=${id}`, { replication: { automatic: {} } });
    const data = Buffer.from(value ?? '').toString('base64');
    await cloud.call('POST', `${path}/${id}:addVersion`, { payload: { data } });
  }
});
afterAll(() => cloud[Symbol.asyncDispose]());

const asked = () => ({
  invokerIamDisabled: true,
  template: {
    serviceAccount: ACCOUNT,
    volumes: [
      {
        name: 'db',
        secret: { secret: 'users-database', items: [{ path: 'value', version: '1' }] },
      },
    ],
    containers: [
      {
        image,
        volumeMounts: [{ name: 'db', mountPath: '/secrets/database' }],
        env: [
          {
            name: 'TOKEN',
            valueSource: { secretKeyRef: { secret: 'users-database', version: 'latest' } },
          },
        ],
      },
    ],
  },
});

test('a revision whose account may not read a secret fails in Cloud Run’s words', async () => {
  const { body } = await cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, asked());
  expect(body.error.message).toContain(
    'Permission denied on secret: projects/demo-prod/secrets/users-database/versions/1 ' +
      `for Revision service account ${ACCOUNT}.`,
  );
  const { body: service } = await cloud.call('GET', `/v2/${PARENT}/services/users`);
  expect(service.terminalCondition).toMatchObject({
    state: 'CONDITION_FAILED',
    reason: 'SECRETS_ACCESS_CHECK_FAILED',
  });
});

test('a declared secret is a file at its mount path, and no other secret is in sight', async () => {
  const bindings = [{ role: 'roles/secretmanager.secretAccessor', members: [member] }];
  await cloud.call('POST', `${secret}:setIamPolicy`, { policy: { bindings } });
  const { template } = asked();
  const labels = { attempt: 'second' };
  const path = `/v2/${PARENT}/services/users`;
  const { body } = await cloud.done('PATCH', path, {
    ...asked(),
    template: { ...template, labels },
  });
  expect(body.error).toBeUndefined();
  const inside = await (await fetch(body.response.uri)).text();
  const seesFolder = String(!findIsolation().mounts);
  expect(inside).toBe(`postgres://users false ${seesFolder} postgres://users`);
});

test('any user of a container may go from a mount to its file, and none of the machine comes so far', async () => {
  const before = process.umask(0o077); // as the sandbox's own program has it
  try {
    const { body } = await cloud.call('GET', `/v2/${PARENT}/services/users`);
    const template = { ...body.template, labels: { again: 'yes' } };
    await cloud.done('PATCH', `/v2/${PARENT}/services/users?updateMask=template`, { template });
  } finally {
    process.umask(before);
  }
  const root = join(cloud.root, 'secret-volumes');
  const newest = (await readdir(join(root, 'demo-prod'))).toSorted().at(-1) ?? '';
  const mount = join(root, 'demo-prod', newest, 'secrets', 'database');
  expect((await stat(root)).mode & 0o077).toBe(0);
  expect((await stat(mount)).mode & 0o005).toBe(0o005);
  expect((await stat(join(mount, 'value'))).mode & 0o004).toBe(0o004);
});
