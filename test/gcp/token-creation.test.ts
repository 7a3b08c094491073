import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { canReadSecret, generateIdToken } from '../../src/gcp/iam.ts';
import { grantOnProject, readProjectPolicy } from '../../src/gcp/project-policy.ts';
import { googleMember } from '../../src/gcp/google-member.ts';
import { tokenCreation, tokenCreator } from '../../src/gcp/token-creation.ts';
import { mintAccessToken } from '../../sandbox/google/tokens.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const account = `run-habits@${project}.iam.gserviceaccount.com`;
const doors: GoogleDoor[] = [];
let door: GoogleDoor;

beforeEach(async () => {
  door = await openGoogle({ walls: true });
  doors.push(door);
  await door.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 0 });
  const serviceIds = ['iam', 'iamcredentials', 'secretmanager'].map(
    (api) => `${api}.googleapis.com`,
  );
  await door.call('POST', `/v1/projects/${project}/services:batchEnable`, { serviceIds });
  await door.call('POST', `/v1/projects/${project}/serviceAccounts`, { accountId: 'run-habits' });
});
afterAll(() => Promise.all(doors.map((one) => one.close())));

const token = () => generateIdToken(door.access, { account, audience: 'https://habits' });

describe('who may not act for an account', () => {
  it('is told so within seconds, and what to type', async () => {
    expect(await tokenCreation(door.access)).toBe('missing');
    const refused = {
      ...{ code: 'IMPERSONATION_DENIED', class: 'undo' },
      why: expect.stringContaining('user:owner@sandbox'),
      fix: expect.stringMatching(/windlass bootstrap.*add-iam-policy-binding run-habits@/),
    };
    await expect(token()).rejects.toMatchObject(refused);
    const reading = canReadSecret(door.access, { account, secret: 'habits-database' });
    await expect(reading).rejects.toMatchObject(refused); // no wait for a grant that nobody made
  });

  it('is told to wait where the grant has not spread yet', async () => {
    await door.call('PUT', '/_sandbox/profile', { name: 'zero', iamSpreadMs: 120_000 });
    await grantOnProject(door.access, { role: tokenCreator, member: 'user:owner@sandbox' });
    expect(await tokenCreation(door.access)).toBe('spreading');
    await expect(token()).rejects.toMatchObject({ code: 'GOOGLE_DENIED', class: 'retry' });
    expect(await canReadSecret(door.access, { account, secret: 'habits-database' })).toBe(false);
  });

  it.each(['group:ops@example.com', 'domain:example.com', 'principalSet://iam.googleapis.com/x'])(
    'is told to wait where %s may hold them',
    async (member) => {
      const policy = { bindings: [{ role: tokenCreator, members: [member] }] };
      await door.call('POST', `/v1/projects/-/serviceAccounts/${account}:setIamPolicy`, { policy });
      await expect(token()).rejects.toMatchObject({ code: 'GOOGLE_DENIED' });
    },
  );
});

describe('a grant on the project', () => {
  it('leaves every other binding with its condition, and lets the member act', async () => {
    const condition = {
      title: 'until',
      expression: 'request.time < timestamp("2030-01-01T00:00:00Z")',
    };
    const other = { role: 'roles/viewer', members: ['user:a@example.com'], condition };
    await door.call('POST', `/v1/projects/${project}:setIamPolicy`, {
      policy: { version: 3, bindings: [other] },
    });
    await grantOnProject(door.access, { role: tokenCreator, member: 'user:owner@sandbox' });
    const { bindings } = await readProjectPolicy(door.access);
    expect(bindings).toEqual([other, { role: tokenCreator, members: ['user:owner@sandbox'] }]);
    expect(await tokenCreation(door.access)).toBe('held');
    expect(await token()).not.toBe('');
  });
});

it('a policy names a person by their address and an account by its own, known by its number alone', async () => {
  expect(await googleMember(door.access)).toBe('user:owner@sandbox');
  const { accessToken } = mintAccessToken(door.world, account);
  await door.call('POST', `/v1/projects/${project}:setIamPolicy`, {
    policy: { bindings: [{ role: 'roles/viewer', members: [`serviceAccount:${account}`] }] },
  });
  const as = { ...door.access, token: async () => accessToken };
  expect(await googleMember(as)).toBe(`serviceAccount:${account}`);
});
