import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { statObject } from '../../src/gcp/objects.ts';
import type { Site } from '../../src/site.ts';
import { stateName } from '../../src/state/state-name.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';

let cloud: Cloud;
let home: string;
let site: Site;

beforeAll(async () => {
  cloud = await openCloud();
  home = await mkdtemp(join(tmpdir(), 'windlass-state-name-'));
  await cloud.call('POST', '/storage/v1/b?project=demo-prod', { name: 'demo-prod-state' });
  const supabase = { api: '', token: async () => '', projectUrl: async () => '' };
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt(home, { google, supabase });
});
afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

const [here, there, elsewhere] = ['us-central1', 'europe-west1', 'asia-east1'];
const nameIn = (region: string) =>
  stateName({ ...site, config: { ...site.config, region } }, '20-services');

/** Writes a state under a name, with services in those regions. */
const holds = (name: string, regions: readonly string[]) => write(name, stateIn(regions));

async function write(name: string, content: Buffer): Promise<void> {
  const ref = { bucket: site.stateBucket, name: `${name}/default.tfstate` };
  const generation = (await statObject(site.google, ref))?.generation ?? '0';
  await replaceObject(site.google, { ...ref, generation }, content);
}

function stateIn(regions: readonly string[]): Buffer {
  const instances = regions.map((location) => ({ index_key: location, attributes: { location } }));
  const service = { mode: 'managed', type: 'google_cloud_run_v2_service', name: 'this', instances };
  const about = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'a', outputs: {} };
  return Buffer.from(JSON.stringify({ ...about, resources: [service] }));
}

test('a state of services has the stack’s name until another region comes beside it', async () => {
  expect(await nameIn(here)).toBe('20-services');
  await holds('20-services', [here]);
  expect([await nameIn(here), await nameIn(there)]).toEqual([
    '20-services',
    '20-services-europe-west1',
  ]);
});

test('it keeps its name when the services before have gone, and they may come back', async () => {
  await holds('20-services-europe-west1', [there]);
  await holds('20-services', []);
  expect([await nameIn(there), await nameIn(here)]).toEqual([
    '20-services-europe-west1',
    '20-services',
  ]);
  await holds('20-services', [here]);
  await holds('20-services-europe-west1', []);
  expect([await nameIn(here), await nameIn(elsewhere)]).toEqual([
    '20-services',
    '20-services-asia-east1',
  ]);
});

test('a state that cannot be read is the one that is to be mended', async () => {
  await write('20-services', Buffer.from('{"version": 4, "ser'));
  expect(await nameIn(here)).toBe('20-services');
});

test('the foundation has one state, wherever its services are', async () => {
  const moved = { ...site, config: { ...site.config, region: there } };
  expect(await stateName(moved, '10-foundation')).toBe('10-foundation');
});
