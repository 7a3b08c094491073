import { cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { readServices } from '../../src/gcp/run.ts';
import { identities } from '../../src/migration/identity.ts';
import { migrateV1 } from '../../src/migration/migrate-v1.ts';
import type { Migration } from '../../src/migration/migrate-v1.ts';
import type { Site } from '../../src/site.ts';
import { serviceSecrets } from '../../src/services.ts';
import { readObject } from '../../src/gcp/objects.ts';
import { readState } from '../../src/state/state-text.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { init } from '../../src/terraform/init.ts';
import { foundationVariables, servicesVariables } from '../../src/terraform/variables.ts';
import { siteAt } from '../environments/site.ts';
import { pushImage, serving } from '../sandbox/run/cloud.ts';
import { openScript } from '../supabase/scripted-api.ts';
import type { ScriptedApi } from '../supabase/scripted-api.ts';
import { openEnvironment, stackAt } from './environment.ts';

let at: Awaited<ReturnType<typeof openEnvironment>>;
let supabase: ScriptedApi;
let site: Site;
let names: readonly string[];

beforeAll(async () => {
  at = await openEnvironment();
  supabase = await openScript([{ status: 200, body: [{ id: 'o', slug: 'wellness-production' }] }]);
  const google = { url: at.cloud.door.url, token: async () => at.cloud.token };
  const doors = { google, supabase: supabase.access, terraformEnv: at.terraformEnv };
  site = await siteAt(join(at.folder, 'home'), doors);
  names = Object.keys(site.config.services);
  await runOnV1();
}, 120_000);
afterAll(async () => {
  await supabase.close();
  await at[Symbol.asyncDispose]();
});

const said: string[] = [];
const wish = (runId: string) => ({ runId, say: (line: string) => void said.push(line) });

test('a service under another name is refused before anything is applied', async () => {
  const { users, ...others } = site.config.services;
  if (!users) throw new Error('the sample has a service users');
  const calls = others['gateway']?.calls.map((one) => (one === 'users' ? 'members' : one)) ?? [];
  const gateway = { ...site.config.services['gateway'], calls };
  const services = { ...others, gateway: { ...users, ...gateway }, members: users };
  const renamed = { ...site, config: { ...site.config, services } };
  const before = await stateNow();
  await expect(migrateV1(renamed, wish('renamed'))).rejects.toMatchObject({
    code: 'MIGRATION_REFUSED',
    why: expect.stringContaining('users'),
  });
  expect(await stateNow()).toEqual(before);
});

test('the plan alone proves itself and applies nothing', async () => {
  const before = await stateNow();
  const planned = await migrateV1(site, { ...wish('planned'), planOnly: true });
  expect(planned.applied).toBe(false);
  expect(await stateNow()).toEqual(before);
});

test('where the apply fails, the state is as before and the services run on', async () => {
  const [before, running] = [await stateNow(), await identities(site, names)];
  const broken = { method: 'PATCH', pathPattern: '/v2/.*/services/habits', status: 400 };
  await at.cloud.call('PUT', '/_sandbox/faults/http', broken);
  await expect(migrateV1(site, wish('broken'))).rejects.toBeInstanceOf(Failure);
  await at.cloud.call('DELETE', '/_sandbox/faults/http');
  expect((await stateNow())?.resources).toEqual(before?.resources);
  expect((await stateNow())?.lineage).toBe(before?.lineage);
  expect(await identities(site, names)).toEqual(running);
});

test('eight services go from v1 to v2: same uid, same creation time, an empty plan after it', async () => {
  const before = await identities(site, names);
  const done: Migration = await migrateV1(site, wish('migrate'));
  expect(done).toMatchObject({ applied: true, services: before });
  expect(done.forgotten).toHaveLength(8 + 8); // the services, 7 callers and the public one
  expect(await identities(site, names)).toEqual(before);
  const types = (await stateNow())?.resources.map(({ type }) => type) ?? [];
  expect(new Set(types)).toEqual(
    new Set(['google_cloud_run_v2_service', 'google_cloud_run_v2_service_iam_member']),
  );
  expect(said.at(-1)).toContain('proven');
  const services = await readServices(site.google);
  expect(services.flatMap(({ traffic }) => traffic)).toEqual(
    services.map(({ latestReadyRevision: revision }) => ({ revision, percent: 100 })),
  );
});

test('where there is no v1 service, there is nothing to migrate', async () => {
  await expect(migrateV1(site, wish('again'))).rejects.toMatchObject({
    code: 'NOTHING_TO_MIGRATE',
  });
});

async function stateNow() {
  const name = '20-services/default.tfstate';
  return readState(String(await readObject(site.google, { bucket: site.stateBucket, name })));
}

async function runOnV1(): Promise<void> {
  const { services } = site.config;
  const environment = { name: 'production', project: 'demo-prod', region: site.config.region };
  const foundation = await at.stack('10-foundation');
  await foundation.converge(foundationVariables({ environment, services, repository: 'images' }));
  const secrets = serviceSecrets(site.config).map(({ id }) => id);
  for (const id of secrets) await addVersion(id);
  const image = async (name: string) => [
    name,
    await pushImage(at.cloud, serving(`'${name}'`), name),
  ];
  const images = Object.fromEntries(await Promise.all(names.map(image)));
  const secretVersions = Object.fromEntries(secrets.map((id) => [id, '1']));
  const addresses = Object.fromEntries(names.map((name) => [name, 'the fixture has its own']));
  const wanted = {
    ...{ environment, services, images, addresses, secretVersions, deletionProtection: true },
  };
  await (await fixture()).converge(servicesVariables(wanted));
}

async function fixture() {
  const stackDir = join(at.folder, 'v1');
  await cp(
    resolve(import.meta.dirname, '..', '..', 'sandbox', 'fixtures', '20-services-v1'),
    stackDir,
    { recursive: true },
  );
  const dataDir = join(at.folder, 'data-v1');
  await mkdir(dataDir);
  const env = terraformEnvironment(process.env, dataDir, at.terraformEnv);
  const place = { binary: 'terraform', stackDir, env };
  await init(place, { bucket: site.stateBucket, prefix: '20-services' });
  return stackAt(place, join(at.folder, 'v1-runs'));
}

async function addVersion(id: string): Promise<void> {
  const data = Buffer.from('a value').toString('base64');
  const path = `/v1/projects/demo-prod/secrets/${id}:addVersion`;
  await at.cloud.call('POST', path, { payload: { data } });
}
