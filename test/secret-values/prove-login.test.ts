import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { proveLogin } from '../../src/secret-values/prove-login.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { type ProjectDatabase, projectDatabase } from '../examples/database.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';
import { freePort } from '../setup/process.ts';

const secret = { id: 'habits-database-url', service: 'habits', source: 'database' } as const;
let cloud: Cloud;
let database: ProjectDatabase;
let site: Site;
let home = '';

beforeAll(async () => {
  [cloud, database] = await Promise.all([openCloud(), projectDatabase()]);
  home = await mkdtemp(join(tmpdir(), 'windlass-login-'));
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt(home, { google, supabase });
  const body = { replication: { automatic: {} } };
  await cloud.call('POST', `/v1/projects/demo-prod/secrets?secretId=${secret.id}`, body);
});
afterAll(async () => {
  await Promise.all([cloud[Symbol.asyncDispose](), database.stop()]);
  await rm(home, { recursive: true });
});

test('the service’s own login passes', async () => {
  await expect(prove(database.urlOf('habits_service'))).resolves.toBeUndefined();
});

test.each([
  ['a wrong password', () => database.urlOf('habits_service', 'wrong')],
  ['a login of another role', () => database.urlOf('meals_service')],
])('%s is refused for good', async (_, url) => {
  const refusal = { code: 'SERVICE_LOGIN_REFUSED', class: 'undo' };
  await expect(prove(url())).rejects.toMatchObject(refusal);
});

test('a database that does not answer may answer at the next attempt', async () => {
  const url = `postgresql://habits_service:x@127.0.0.1:${await freePort()}/postgres`;
  const refusal = { code: 'SERVICE_LOGIN_REFUSED', class: 'retry' };
  await expect(prove(url)).rejects.toMatchObject(refusal);
});

async function prove(value: string): Promise<void> {
  const wanted = { secret: secret.id, value, key: 'key' };
  const { version } = await ensureVersion(site.google, wanted);
  await proveLogin(site, secret, version);
}
