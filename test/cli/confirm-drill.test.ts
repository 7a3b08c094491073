import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { confirmDrill } from '../../src/cli/confirm-drill.ts';
import { writeClaim } from '../../src/drills/drill-claim.ts';
import { bucketLabels, ensureBucket } from '../../src/gcp/buckets.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openCloud } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';
import { openScript } from '../supabase/scripted-api.ts';
import type { ScriptedApi } from '../supabase/scripted-api.ts';

let cloud: Cloud;
let supabase: ScriptedApi;
let site: Site;
let scratch: Site;
let told = '';

beforeEach(async () => {
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
  cloud = await openCloud();
  supabase = await openScript(Array.from({ length: 4 }, () => ({ status: 200, body: [] })));
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase: supabase.access });
  await ensureBucket(site.google, site.releaseBucket, {});
  const names = { stateBucket: 'scratch-state', releaseBucket: 'scratch-releases' };
  scratch = { ...site, ...names, name: 'production-drill' };
});
afterEach(async () => {
  vi.restoreAllMocks();
  await supabase.close();
  await cloud[Symbol.asyncDispose]();
});

async function leftByDrill(): Promise<void> {
  const { project } = scratch.environment;
  await writeClaim(site, {
    version: 1,
    id: 'run-1',
    workflow: 'drill/1',
    project,
    at: '2026-01-01T00:00:00Z',
  });
  await ensureBucket(scratch.google, 'scratch-state', { labels: { 'windlass-drill': 'run-1' } });
}

test('a drill into an empty place tells what it will make and destroy', async () => {
  await confirmDrill(site, scratch, false);
  expect(told).toMatch(/destroys at its end:\n.* all services, secrets and accounts/);
  expect(told).toContain('the buckets scratch-state and scratch-releases');
});

test('what an earlier drill left is named, and goes only by a word', async () => {
  await leftByDrill();
  const refused = confirmDrill(site, scratch, false);
  await expect(refused).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
  expect(told).toContain('bucket scratch-state');
  await confirmDrill(site, scratch, true);
  expect(await bucketLabels(scratch.google, 'scratch-state')).toBeDefined(); // asking deletes nothing
});

test('no word lets a drill into a place with something foreign in it', async () => {
  await leftByDrill();
  await ensureBucket(scratch.google, 'scratch-releases', {});
  const refused = confirmDrill(site, scratch, true);
  await expect(refused).rejects.toMatchObject({ code: 'DRILL_PLACE_OCCUPIED' });
  expect(told).toBe('');
});
