import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseApisOff } from '../../src/doctor/refuse-apis-off.ts';
import { refuseUnready } from '../../src/doctor/refuse-unready.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';
import { openDateServer } from './date-server.ts';

let clouds: TwoClouds;

beforeAll(async () => {
  clouds = await openTwoClouds();
});

afterAll(async () => {
  await clouds.close();
});

const switchRun = (verb: string) =>
  clouds.google.call('POST', `/v1/projects/demo-prod/services/run.googleapis.com:${verb}`, {});

describe('the first run of an environment', () => {
  it('begins where nothing is missing', async () => {
    await expect(refuseUnready(clouds.site)).resolves.toBeUndefined();
  });

  it('is refused with every reason and its fix at once', async () => {
    await using late = await openDateServer(new Date(0));
    const endpoints = { ...clouds.site.google.endpoints, storage: late.url };
    const site = {
      ...clouds.site,
      google: { ...clouds.site.google, endpoints },
    };
    await switchRun('disable');
    await expect(refuseUnready(site)).rejects.toMatchObject({
      code: 'ENVIRONMENT_NOT_READY',
      why: expect.stringMatching(/clock: \d+ s off .*; google apis: run\.googleapis\.com is off/),
      fix: expect.stringMatching(
        /Set the clock.*windlass bootstrap -e production.*windlass doctor -e production/,
      ),
    });
    await switchRun('enable');
  });

  it('is left to name what could not be asked', async () => {
    const google = { ...clouds.site.google, project: 'nowhere-at-all' };
    await expect(refuseUnready({ ...clouds.site, google })).resolves.toBeUndefined();
  });
});

it('a later deploy is refused where an API was switched off since', async () => {
  await expect(refuseApisOff(clouds.site)).resolves.toBeUndefined();
  await switchRun('disable');
  await expect(refuseApisOff(clouds.site)).rejects.toMatchObject({
    code: 'ENVIRONMENT_NOT_READY',
    why: 'google apis: run.googleapis.com is off',
    fix: expect.stringContaining('windlass bootstrap -e production'),
  });
  await switchRun('enable');
});
