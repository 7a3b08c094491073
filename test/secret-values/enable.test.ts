import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Standing } from '../../src/deploy.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { disableVersion, listVersions } from '../../src/gcp/secrets.ts';
import { enableVersions } from '../../src/secret-values/enable.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { type ProjectDatabase, projectDatabase } from '../examples/database.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

const secret = { id: 'habits-database-url', service: 'habits', source: 'database' } as const;
let cloud: Cloud;
let database: ProjectDatabase;
let site: Site;

beforeAll(async () => {
  [cloud, database] = await Promise.all([openCloud(), projectDatabase()]);
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase });
  const body = { replication: { automatic: {} } };
  await cloud.call('POST', `/v1/projects/demo-prod/secrets?secretId=${secret.id}`, body);
  for (const value of [
    database.urlOf('habits_service', 'the password before'),
    database.urlOf('habits_service'),
  ])
    await ensureVersion(site.google, { secret: secret.id, value, key: 'key' });
});
afterAll(async () => {
  await Promise.all([cloud[Symbol.asyncDispose](), database.stop()]);
});

/** A standing that pins this version. */
function at(version: string): Standing {
  return {
    release: { id: 'r-1', object: 'o', sha256: 's' },
    ...{ secretVersions: { [secret.id]: version }, revisions: {}, traffic: {}, entry: 1 },
  };
}

test('a version that works is left as it is', async () => {
  const asked = { target: at('2'), inForce: at('2') };
  expect(await enableVersions(site, [secret], asked)).toEqual([]);
});

test('the login of the version in force never gets an older password', async () => {
  await disableVersion(site.google, { secret: secret.id, version: 1 });
  const asked = enableVersions(site, [secret], { target: at('1'), inForce: at('2') });
  await expect(asked).rejects.toMatchObject({ code: 'LOGIN_IN_USE' });
  const states = (await listVersions(site.google, secret.id)).map(({ state }) => state);
  expect(states).toEqual(['ENABLED', 'DISABLED']);
});

test('a version that was destroyed is refused', async () => {
  const path = `/v1/projects/demo-prod/secrets/${secret.id}/versions/1:destroy`;
  await cloud.call('POST', path, {});
  const asked = enableVersions(site, [secret], { target: at('1'), inForce: at('2') });
  await expect(asked).rejects.toMatchObject({ code: 'SECRET_VERSION_LOST' });
});
