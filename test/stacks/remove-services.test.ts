import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { returnToV1 } from '../../src/migration/return-to-v1.ts';
import type { Site } from '../../src/site.ts';
import { removeNewServices } from '../../src/stacks/remove-services.ts';
import { siteAt } from '../environments/site.ts';
import { ACCOUNT, openCloud, PARENT, prepare, pushImage, serving } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

let cloud: Cloud;
let site: Site;
let image = '';

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  image = await pushImage(cloud, serving("'here'"));
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase });
});
afterAll(() => cloud[Symbol.asyncDispose]());

const own = { 'managed-by': 'windlass', environment: 'production' };
const named = ['users'];
beforeEach(async () => {
  if (!(await names()).includes('users')) await make('users', own);
});

test.each([
  ['without labels', 'users-2', {}],
  ['of another environment', 'users-3', { ...own, environment: 'staging' }],
  [
    'of somebody who has the same name for the environment',
    'users-4',
    { environment: 'production' },
  ],
])('an undo leaves a service %s alone', async (_what, name, labels) => {
  await make(name, labels);
  expect(await removeNewServices(site, {}, ['users', name])).toEqual([]);
  expect(await names()).toContain(name);
  expect(await names()).not.toContain('users');
});

test('one that was there before the run stays, whatever it is labelled', async () => {
  await removeNewServices(site, { users: [] }, named);
  expect(await names()).toContain('users');
});

test('one with all labels that the run’s release does not name stays, and is named', async () => {
  await make('reports', own);
  const stays = await removeNewServices(site, {}, named);
  expect(stays).toEqual([expect.stringContaining('service reports: not of this run')]);
  expect(await names()).toContain('reports');
});

test('the fixture of API v1 finds none of its own among services of others', async () => {
  await removeNewServices(site, {});
  const before = await names();
  expect(before.length).toBeGreaterThan(2);
  await expect(returnToV1(site, 'run')).rejects.toMatchObject({ code: 'NOTHING_RUNS' });
  expect(await names()).toEqual(before);
});

async function make(name: string, labels: object): Promise<void> {
  const template = { serviceAccount: ACCOUNT, containers: [{ image }] };
  await cloud.done('POST', `/v2/${PARENT}/services?serviceId=${name}`, { labels, template });
}

async function names(): Promise<readonly string[]> {
  return (await readServices(site.google)).map(({ name }) => name);
}
