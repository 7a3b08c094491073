import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { everythingAt } from '../../src/gcp/access.ts';
import { readInvokers } from '../../src/gcp/iam.ts';
import { listObjects } from '../../src/gcp/objects.ts';
import { readService, readServices } from '../../src/gcp/run.ts';
import { listVersions } from '../../src/gcp/secrets.ts';
import { readApiSchemas } from '../../src/supabase/data-api.ts';
import { readSettings } from '../../src/supabase/auth-settings.ts';
import { readKeys } from '../../src/supabase/keys.ts';
import { readNetwork } from '../../src/supabase/network.ts';
import { findProject } from '../../src/supabase/project.ts';
import { readSslEnforced } from '../../src/supabase/ssl.ts';
import { openAnswering } from './answering.ts';
import { nearlyBody } from './inputs.ts';
import { judged } from './judge.ts';
import { many, runs } from './runs.ts';

const minutes = 120_000 + runs * 600;
/** Those after which nobody asks again. */
const statuses = fc.constantFrom(200, 200, 200, 200, 400, 401, 403, 404, 409);

let server: Awaited<ReturnType<typeof openAnswering>>;
beforeAll(async () => {
  server = await openAnswering();
});
afterAll(() => server.close());

const project = {
  id: 'abc',
  ref: 'abcdefghijklmnopqrst',
  name: 'shop',
  organization_id: 'shop',
  organization_slug: 'shop',
  region: 'us-east-1',
  status: 'ACTIVE_HEALTHY',
  database: { host: 'db.x', version: '17' },
};
const management = {
  ...{ db_schema: 'public,users', jwt_exp: 3600, site_url: 'https://a.b' },
  ...{ currentConfig: { database: true }, appliedSuccessfully: true },
  ...{ entitlement: 'allowed', status: 'applied', config: { dbAllowedCidrs: ['0.0.0.0/0'] } },
};

it('answers of the Management API', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(nearlyBody(management), nearlyBody([project]), nearlyBody([{ api_key: 'k' }])),
      statuses,
      async (body, status) => {
        server.say(body, status);
        const access = {
          api: server.url,
          token: async () => randomUUID(), // each its own budget of calls
          projectUrl: async () => server.url,
          databaseCa: undefined,
        };
        const schemas = await judged(() => readApiSchemas(access, 'ref'));
        if (status !== 200) expect(schemas).toBe(undefined);
        await judged(() => readSettings(access, { ref: 'ref', fields: ['jwt_exp', 'site_url'] }));
        await judged(() => readKeys(access, 'ref'));
        await judged(() => readNetwork(access, 'ref'));
        await judged(() => readSslEnforced(access, 'ref'));
        await judged(() => findProject(access, { organization: 'shop', name: 'shop' }));
      },
    ),
    many(0.5),
  ),
);

const service = {
  name: 'projects/p/locations/r/services/a',
  uri: 'https://a.run.app',
  generation: '1',
  latestCreatedRevision: 'projects/p/locations/r/services/a/revisions/a-1',
  latestReadyRevision: 'projects/p/locations/r/services/a/revisions/a-1',
  terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED', message: '' },
  traffic: [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }],
  template: { containers: [{ image: 'a', env: [] }], volumes: [] },
};

const stored = {
  ...{ bucket: 'b', name: 'a', generation: '1', metageneration: '1', size: '1' },
  ...{ crc32c: 'AAAAAA==', timeCreated: '2026-01-01T00:00:00Z' },
};

it('answers of Cloud Run and its neighbours', { timeout: minutes }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.oneof(
        nearlyBody(service),
        nearlyBody({ services: [service], nextPageToken: '' }),
        nearlyBody({ versions: [{ name: 'a/b/1', state: 'ENABLED', etag: 'e' }] }),
        nearlyBody({ bindings: [{ role: 'roles/run.invoker', members: ['allUsers'] }] }),
        nearlyBody({ items: [stored], nextPageToken: '' }),
      ),
      statuses,
      async (body, status) => {
        server.say(body, status);
        const own = { project: 'p', region: 'r', token: async () => 't' };
        const access = everythingAt(server.url, own);
        const one = await judged(() => readService(access, 'a'));
        if (![200, 404].includes(status)) expect(one).toBe(undefined);
        await judged(() => readServices(access));
        await judged(() => listVersions(access, 's'));
        await judged(() => readInvokers(access, 'a'));
        await judged(() => listObjects(access, 'bucket', 'a/'));
      },
    ),
    many(0.5),
  ),
);
