import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refuseExisting } from '../../src/planning/refuse-existing.ts';
import type { Site } from '../../src/site.ts';
import { findSurvivors } from '../../src/stacks/survivors.ts';
import { importResource } from '../../src/terraform/import-resource.ts';
import { show } from '../../src/terraform/show.ts';
import { stateList } from '../../src/terraform/state-list.ts';
import { foundationVariables } from '../../src/terraform/variables.ts';
import type { CatalogService } from '../../src/terraform/variables.ts';
import { siteAt } from '../environments/site.ts';
import { openEnvironment } from '../infra/environment.ts';

const environment = {
  ...{ name: 'production', project: 'demo-prod', region: 'us-central1', projectNumber: '17' },
  ...{ billingAccount: '000000-000000-000000', budgetEmail: 'ops@example.com' },
};
const base: CatalogService = {
  ...{ cpu: 1, memory: '512Mi', min: 0, max: 2, concurrency: 80, port: 8080 },
  ...{ public: false, calls: [], env: {}, secrets: {}, startupPath: '/', livenessPath: '/' },
};
const foundationWith = (secrets: CatalogService['secrets']) =>
  foundationVariables({
    environment,
    services: { gateway: { ...base, public: true, secrets } },
    repository: 'images',
  });
const old = foundationWith({});
const wanted = foundationWith({ 'model-key': 'generated' });
const secret = 'projects/demo-prod/secrets/gateway-model-key';

let at: Awaited<ReturnType<typeof openEnvironment>>;
let stack: Awaited<ReturnType<typeof at.stack>>;
let folder: string;
let site: Site;

beforeAll(async () => {
  at = await openEnvironment();
  folder = await mkdtemp(join(tmpdir(), 'windlass-unwritten-'));
  const google = { url: at.cloud.door.url, token: async () => at.cloud.token };
  const supabase = { api: google.url, token: google.token, projectUrl: async () => google.url };
  site = await siteAt(folder, { google, supabase });
  stack = await at.stack('10-foundation');
  await stack.converge(old);
  // As an apply leaves it that was killed after this call and before it wrote its state.
  await at.cloud.call('POST', '/v1/projects/demo-prod/secrets?secretId=gateway-model-key', {
    replication: { automatic: {} },
    labels: { environment: 'production', 'managed-by': 'windlass', service: 'gateway' },
  });
});

afterAll(async () => {
  await at[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('a plan is refused that would create what no state knows', async () => {
  const { saved } = await stack.planned(wanted);
  const refused = refuseExisting(site, await show(stack.place, saved.file));
  await expect(refused).rejects.toMatchObject({ code: 'RESOURCE_EXISTS' });
  await expect(refused).rejects.toMatchObject({ why: expect.stringContaining(secret) });
});

test('what a killed apply made is written into the state, so that its undo removes it', async () => {
  const { saved } = await stack.planned(wanted);
  const survivors = await findSurvivors(site.google, await show(stack.place, saved.file));
  expect(survivors.map(({ id, marked }) => [id, marked])).toEqual([[secret, true]]);
  const varFile = join(folder, 'release.tfvars.json');
  await writeFile(varFile, JSON.stringify(wanted));
  for (const { address, id } of survivors)
    await importResource(stack.place, { address, id, varFile });
  expect(await stateList(stack.place)).toEqual(
    expect.arrayContaining(survivors.map(({ address }) => address)),
  );
  await stack.converge(old);
  const after = await stack.planned(wanted);
  expect(await findSurvivors(site.google, await show(stack.place, after.saved.file))).toEqual([]);
});

test.each([
  ['a secret', '/v1/projects/demo-prod/secrets?secretId=gateway-model-key', {}],
  [
    'a secret of another environment',
    '/v1/projects/demo-prod/secrets?secretId=gateway-model-key',
    { environment: 'staging', 'managed-by': 'windlass', service: 'gateway' },
  ],
])(
  '%s that somebody made meanwhile is not taken for the run’s own',
  async (_what, path, labels) => {
    await at.cloud.call('POST', path, { replication: { automatic: {} }, labels });
    const { saved } = await stack.planned(wanted);
    const survivors = await findSurvivors(site.google, await show(stack.place, saved.file));
    expect(survivors.map(({ id, marked }) => [id, marked])).toEqual([[secret, false]]);
    await at.cloud.call('DELETE', `/v1/${secret}`);
  },
);

test('nor is an account without the plan’s title', async () => {
  const account = 'projects/demo-prod/serviceAccounts';
  const email = 'run-extra@demo-prod.iam.gserviceaccount.com';
  await at.cloud.call('POST', `/v1/${account}`, { accountId: 'run-extra' });
  const more = foundationVariables({
    environment,
    services: { gateway: { ...base, public: true }, extra: base },
    repository: 'images',
  });
  const { saved } = await stack.planned(more);
  const plan = await show(stack.place, saved.file);
  expect((await findSurvivors(site.google, plan)).map(({ marked }) => marked)).toEqual([false]);
  const titled = { serviceAccount: { displayName: 'Runs extra' }, updateMask: 'displayName' };
  await at.cloud.call('PATCH', `/v1/${account}/${email}`, titled);
  expect((await findSurvivors(site.google, plan)).map(({ marked }) => marked)).toEqual([true]);
  await at.cloud.call('DELETE', `/v1/${account}/${email}`);
});

test('what a plan replaces is known to the state, and no survivor', async () => {
  await at.cloud.call('DELETE', '/v1/projects/demo-prod/topics/windlass-budget');
  const { saved, summary } = await stack.planned(old);
  expect(summary.resources).toContainEqual(
    expect.objectContaining({
      ...{ type: 'google_pubsub_subscription', actions: ['delete', 'create'] },
    }),
  );
  expect(await findSurvivors(site.google, await show(stack.place, saved.file))).toEqual([]);
});
