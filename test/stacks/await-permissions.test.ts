import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceSecrets } from '../../src/services.ts';
import type { Site } from '../../src/site.ts';
import { awaitPermissions } from '../../src/stacks/await-permissions.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

let cloud: Cloud;
let site: Site;
let said: string[];

const signal = new AbortController().signal;
const beat = (progress: string) => void said.push(progress);

beforeAll(async () => {
  said = [];
  cloud = await openCloud();
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase });
  for (const { id, service } of serviceSecrets(site.config)) await makeSecret(id, service);
});
afterAll(() => cloud[Symbol.asyncDispose]());

test('while Google answers nothing, the wait is told and is no failure', async () => {
  for (const { id, service } of serviceSecrets(site.config)) await grant(id, service);
  cloud.world.profile.set({ name: 'zero', errorRate: 1 });
  const recover = (progress: string): void => {
    beat(progress);
    cloud.world.profile.set({ name: 'zero', errorRate: 0 });
  };
  await awaitPermissions(site, { signal, beat: recover });
  expect(said).toEqual([
    expect.stringMatching(/^waiting for 16 of 16 new permissions to take effect \(\d+ s, at most/),
  ]);
});

test('when the patience ends, what cannot be read is named', async () => {
  cloud.world.profile.set({ name: 'zero', iamSpreadMs: 3_600_000 });
  await makeSecret('meals-later', 'meals');
  await grant('meals-later', 'meals');
  const meals = site.config.services['meals'];
  if (!meals) throw new Error('the sample has meals');
  const secrets = { ...meals.secrets, later: 'generated' } as const;
  const services = { ...site.config.services, meals: { ...meals, secrets } };
  const more = { ...site, config: { ...site.config, services } };
  await expect(awaitPermissions(more, { signal, beat, patienceMs: 0 })).rejects.toMatchObject({
    code: 'IAM_NOT_SPREAD',
    why: expect.stringMatching(/: meals-later$/),
  });
});

async function makeSecret(id: string, service: string): Promise<void> {
  const project = '/v1/projects/demo-prod';
  await cloud.call('POST', `${project}/serviceAccounts`, { accountId: `run-${service}` });
  const secret = { replication: { automatic: {} } };
  await cloud.call('POST', `${project}/secrets?secretId=${id}`, secret);
}

async function grant(id: string, service: string): Promise<void> {
  const members = [`serviceAccount:run-${service}@demo-prod.iam.gserviceaccount.com`];
  const policy = { bindings: [{ role: 'roles/secretmanager.secretAccessor', members }] };
  const path = `/v1/projects/demo-prod/secrets/${id}:setIamPolicy`;
  expect((await cloud.call('POST', path, { policy })).status).toBe(200);
}
