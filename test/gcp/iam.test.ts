import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  canReadSecret,
  generateIdToken,
  grantedPermissions,
  impersonate,
} from '../../src/gcp/iam.ts';
import { accessVersion } from '../../src/gcp/secrets.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const account = `run-habits@${project}.iam.gserviceaccount.com`;
const secret = 'habits-database';
const secretPath = `/v1/projects/${project}/secrets/${secret}`;
let door: GoogleDoor;
beforeAll(async () => {
  door = await openGoogle();
  await door.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 0 });
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'run-habits' });
  await door.call('POST', `/v1/projects/${project}/secrets?secretId=${secret}`, {
    replication: { automatic: {} },
  });
  await door.call('POST', `${secretPath}:addVersion`, { payload: { data: 'dmFsdWU=' } });
});
afterAll(() => door.close());

describe('a service account', () => {
  test('can read a secret only once it was granted', async () => {
    const which = { account, secret };
    expect(await canReadSecret(door.access, which)).toBe(false);
    const reading = accessVersion(impersonate(door.access, account), { secret, version: 1 });
    await expect(reading).rejects.toMatchObject({ code: 'GOOGLE_DENIED', class: 'retry' });
    await door.call('POST', `${secretPath}:setIamPolicy`, {
      policy: {
        bindings: [
          { role: 'roles/secretmanager.secretAccessor', members: [`serviceAccount:${account}`] },
        ],
      },
    });
    expect(await canReadSecret(door.access, which)).toBe(true);
    const as = impersonate(door.access, account);
    expect((await accessVersion(as, { secret, version: 1 })).toString()).toBe('value');
  });

  test('has the permissions that its role gives and no others', async () => {
    const permissions = ['secretmanager.versions.access', 'secretmanager.versions.add'];
    const asked = { on: { secret }, permissions };
    const own = await grantedPermissions(impersonate(door.access, account), asked);
    expect(own).toEqual(['secretmanager.versions.access']);
    expect(await grantedPermissions(door.access, asked)).toEqual(permissions);
  });

  test('gets an identity token for one audience, in its own name', async () => {
    const audience = 'https://habits.example.test';
    const token = await generateIdToken(door.access, { account, audience });
    const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ aud: audience, email: account });
  });
});

test('an unknown token is refused as such', async () => {
  const stranger = { ...door.access, token: async () => 'stranger' };
  const asking = grantedPermissions(stranger, { on: { secret }, permissions: ['a.b.c'] });
  await expect(asking).rejects.toMatchObject({ code: 'GOOGLE_UNAUTHENTICATED', class: 'undo' });
});
