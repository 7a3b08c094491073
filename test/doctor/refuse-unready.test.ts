import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
      environment: { ...clouds.site.environment, target: 'cloud' as const },
    };
    await expect(refuseUnready(site)).rejects.toMatchObject({
      code: 'ENVIRONMENT_NOT_READY',
      why: expect.stringMatching(/clock: \d+ s off .*; google apis: serviceusage/),
      fix: expect.stringMatching(
        /Set the clock.*gcloud services enable.*windlass doctor -e production/,
      ),
    });
  });

  it('is left to name what could not be asked', async () => {
    const google = { ...clouds.site.google, project: 'nowhere-at-all' };
    await expect(refuseUnready({ ...clouds.site, google })).resolves.toBeUndefined();
  });
});
