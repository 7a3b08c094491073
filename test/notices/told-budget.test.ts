import { afterAll, beforeAll, expect, test } from 'vitest';
import { statObject } from '../../src/gcp/objects.ts';
import { waitingMessages } from '../../src/notices/budget-messages.ts';
import { addTold, readTold } from '../../src/notices/told-budget.ts';
import type { Site } from '../../src/site.ts';
import { siteAt } from '../environments/site.ts';
import { openGoogle } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

let door: GoogleDoor;
let site: Site;

beforeAll(async () => {
  door = await openGoogle();
  const { token, endpoints } = door.access;
  const supabase = { api: '', token, projectUrl: async () => '' };
  site = await siteAt('', { google: { token, url: endpoints.storage }, supabase });
  await door.call('PUT', '/_sandbox/projects/demo-prod');
  await door.call('POST', '/storage/v1/b?project=demo-prod', { name: site.releaseBucket });
});
afterAll(() => door.close());

const november = '2026-11-01T07:00:00Z USD 100';
const generation = async () =>
  (await statObject(site.google, { bucket: site.releaseBucket, name: 'budget-told.json' }))
    ?.generation;

test('before anything was told, nothing was', async () => {
  expect(await readTold(site)).toEqual({});
});

test('two checks at once lose nothing of each other', async () => {
  await Promise.all([
    addTold(site, { [november]: { exceeded: 0.75, foreseen: 0 } }),
    addTold(site, { [november]: { exceeded: 0.5, foreseen: 1 } }),
  ]);
  expect(await readTold(site)).toEqual({ [november]: { exceeded: 0.75, foreseen: 1 } });
});

test('what is known already is not written again', async () => {
  const before = await generation();
  await addTold(site, { [november]: { exceeded: 0.75, foreseen: 0 } });
  expect(await generation()).toBe(before);
});

test('the newest twelve periods are kept', async () => {
  const months = Array.from(
    { length: 14 },
    (_, index) => `20${30 + index}-01-01T08:00:00Z USD 100`,
  );
  const all = months.map((month) => [month, { exceeded: 0.5, foreseen: 0 }]);
  await addTold(site, Object.fromEntries(all));
  expect(Object.keys(await readTold(site))).toEqual(months.slice(-12));
});

test('where Pub/Sub was never switched on, no message waits', async () => {
  const api = '/v1/projects/demo-prod/services/pubsub.googleapis.com';
  await door.call('POST', `${api}:disable`, {});
  expect(await waitingMessages(site, new AbortController().signal)).toEqual([]);
});
