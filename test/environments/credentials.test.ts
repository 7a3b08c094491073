import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateAccessToken } from '../../src/gcp/iam.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import { ensureProject } from '../../sandbox/google/projects.ts';
import { checkSite } from '../../src/site-check.ts';
import type { Site } from '../../src/site.ts';
import { openCloud, prepare } from '../sandbox/run/cloud.ts';
import type { Cloud } from '../sandbox/run/cloud.ts';
import { openScript } from '../supabase/scripted-api.ts';
import type { ScriptedApi } from '../supabase/scripted-api.ts';
import { siteAt } from './site.ts';

let cloud: Cloud;
let supabase: ScriptedApi;
let site: Site;

beforeAll(async () => {
  cloud = await openCloud();
  await prepare(cloud);
  supabase = await openScript([{ status: 200, body: [{ id: 'o', slug: 'wellness-production' }] }]);
  const google = { url: cloud.door.url, token: async () => cloud.token };
  site = await siteAt('/nowhere', { google, supabase: supabase.access });
});
afterAll(async () => {
  await supabase.close();
  await cloud[Symbol.asyncDispose]();
});

const outcome = (site: Site) => checkSite(site).catch((error: unknown) => error);
const refused = { code: 'ENVIRONMENT_DISAGREES', class: 'undo' };

test('credentials, project, buckets and organization that agree may start', async () => {
  expect(await outcome(site)).toBeUndefined();
});

test('a credential that cannot see the project starts nothing', async () => {
  const account = 'run-users@demo-prod.iam.gserviceaccount.com';
  const { token } = await generateAccessToken(site.google, { account });
  const stranger = everythingAt(cloud.door.url, { ...site.google, token: async () => token });
  expect(await outcome({ ...site, google: stranger })).toMatchObject({
    ...refused,
    what: expect.stringContaining('cannot see the Google project demo-prod'),
  });
});

test('a credential of another environment’s project starts nothing', async () => {
  const account = async () => 'windlass-deployer@wellness-staging.iam.gserviceaccount.com';
  expect(await outcome({ ...site, google: { ...site.google, account } })).toMatchObject({
    ...refused,
    what: expect.stringContaining("the credential is staging's"),
  });
});

test('an access token for another Supabase organization starts nothing', async () => {
  const elsewhere = await openScript([
    { status: 200, body: [{ id: 's', slug: 'wellness-staging' }] },
  ]);
  expect(await outcome({ ...site, supabase: elsewhere.access })).toMatchObject({
    ...refused,
    why: 'it has access to wellness-staging',
  });
  await elsewhere.close();
});

test('a state bucket that another project owns starts nothing', async () => {
  ensureProject(cloud.world, 'somebody-else');
  const made = await cloud.call('POST', '/storage/v1/b?project=somebody-else', {
    name: 'demo-prod-state',
  });
  expect(made.status).toBe(200);
  expect(await outcome(site)).toMatchObject({
    ...refused,
    what: expect.stringContaining('the bucket demo-prod-state belongs to another project'),
  });
});
