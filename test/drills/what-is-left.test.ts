import { afterAll, beforeAll, expect, test } from 'vitest';
import { thingsOf, whatIsLeft } from '../../src/drills/what-is-left.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

let clouds: TwoClouds;

beforeAll(async () => {
  clouds = await openTwoClouds();
  await clouds.makeSecrets(['users-supabase']);
});

afterAll(async () => {
  await clouds.close();
});

test('what the clouds list of a place is left', async () => {
  expect(await whatIsLeft(clouds.site)).toEqual([
    expect.stringMatching(/secrets\/users-supabase$/),
    'demo-prod-state',
    'demo-prod-releases',
  ]);
});

test('an API that was never switched on holds nothing', async () => {
  for (const api of ['artifactregistry', 'iam', 'run', 'secretmanager']) {
    const path = `/v1/projects/demo-prod/services/${api}.googleapis.com:disable`;
    await clouds.google.call('POST', path, {});
  }
  expect((await thingsOf(clouds.site)).map(({ kind }) => kind)).toEqual(['bucket', 'bucket']);
});
