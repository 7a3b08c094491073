import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Standing } from '../../src/deploy.ts';
import { refuseLostProject } from '../../src/planning/refuse-lost-project.ts';
import { siteAt } from '../environments/site.ts';
import { openScript } from '../supabase/scripted-api.ts';
import type { ScriptedApi } from '../supabase/scripted-api.ts';

const deployed: Standing = {
  release: { id: 'r', object: 'o', sha256: 's' },
  ...{ secretVersions: {}, revisions: {}, traffic: {}, entry: 3 },
};
let api: ScriptedApi;
beforeAll(async () => {
  api = await openScript([{ status: 200, body: [] }]);
});
afterAll(() => api.close());

test('a deployed environment whose project is gone is told to recover, not given an empty one', async () => {
  const google = { url: 'http://127.0.0.1:1', token: async () => 'none' };
  const site = await siteAt('/nowhere', { google, supabase: api.access });
  await expect(refuseLostProject(site, deployed)).rejects.toMatchObject({
    code: 'SUPABASE_PROJECT_GONE',
    fix: expect.stringContaining('windlass recover -e production'),
  });
  await refuseLostProject(site, null);
});
