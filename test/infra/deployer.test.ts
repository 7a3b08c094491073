import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateAccessToken, grantedPermissions, impersonate } from '../../src/gcp/iam.ts';
import { putOnce, readObject } from '../../src/gcp/objects.ts';
import { pull } from '../../src/gcp/pubsub.ts';
import type { GoogleAccess } from '../../src/gcp/access.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import { terraformEnvironment } from '../../src/terraform/environment.ts';
import { init } from '../../src/terraform/init.ts';
import { pushImage, serving, PARENT } from '../sandbox/run/cloud.ts';
import { openEnvironment, stackAt } from './environment.ts';

let at: Awaited<ReturnType<typeof openEnvironment>>;
let owner: GoogleAccess;
let broken: readonly string[];
let settled: boolean;

const roots = `
terraform {
  required_providers {
    google = { source = "hashicorp/google", version = ">= 7.45, < 8" }
  }
  backend "gcs" {}
}
provider "google" {
  project = "demo-prod"
  region  = "us-central1"
}
resource "google_service_account" "users" {
  account_id = "run-users"
}
resource "google_service_account" "migrator" {
  account_id = "windlass-migrator"
}
module "deployer" {
  source              = "../infra/modules/deployer"
  project             = "demo-prod"
  buckets             = ["demo-prod-state"]
  issuer              = "https://token.actions.githubusercontent.com"
  subject             = "repo:example/wellness:environment:production"
  attribute_condition = "assertion.repository == 'example/wellness'"
  migrator            = google_service_account.migrator
  runtime_accounts    = { users = google_service_account.users.name }
}
`;

beforeAll(async () => {
  at = await openEnvironment();
  const common = { project: 'demo-prod', region: 'us-central1' };
  owner = everythingAt(at.cloud.door.url, { ...common, token: async () => at.cloud.token });
  await at.cloud.call('POST', `/v1/${PARENT}/repositories?repository_id=images`, {
    format: 'DOCKER',
  });
  const [stackDir, dataDir] = [join(at.folder, 'deployer'), join(at.folder, 'data-deployer')];
  await mkdir(stackDir);
  await mkdir(dataDir);
  await writeFile(join(stackDir, 'main.tf'), roots);
  const place = {
    ...{ binary: 'terraform', stackDir },
    env: terraformEnvironment(process.env, dataDir, at.terraformEnv),
  };
  await init(place, { bucket: 'demo-prod-state', prefix: 'deployer' });
  const stack = stackAt(place, join(at.folder, 'deployer-runs'));
  const { saved, violations } = await stack.planned({});
  broken = violations.map(({ rule }) => rule);
  await stack.applied(saved);
  settled = (await stack.planned({})).saved.empty;
  await makeService();
});
afterAll(() => at[Symbol.asyncDispose]());

const email = (name: string) => `${name}@demo-prod.iam.gserviceaccount.com`;
const as = (name: string) => impersonate(owner, email(`windlass-${name}`));
const onService = async (name: string) =>
  grantedPermissions(as(name), {
    on: { service: 'users' },
    permissions: ['run.services.get', 'run.services.update', 'run.services.setIamPolicy'],
  });
const note = { bucket: 'demo-prod-state', name: 'deployer/default.tfstate' };

test('the module breaks one rule of the gate, for two roles that open too much, and its second plan is empty', () => {
  // Nothing in windlass.yaml switches it on before it has roles of its own.
  expect({ broken, settled }).toEqual({ broken: ['no-project-wide-reader'], settled: true });
});

test('the deployer changes services and writes the state', async () => {
  expect(await onService('deployer')).toHaveLength(3);
  await putOnce(as('deployer'), { ...note, name: 'from-deployer' }, Buffer.from('x'));
});

test('the planner reads services and state, and changes neither', async () => {
  expect(await onService('planner')).toEqual(['run.services.get']);
  expect(await readObject(as('planner'), note)).toBeDefined();
  await expect(
    putOnce(as('planner'), { ...note, name: 'from-planner' }, Buffer.from('x')),
  ).rejects.toMatchObject({ code: 'GOOGLE_DENIED' });
});

test('the deployer makes topics, lets others publish and pulls; the planner only looks', async () => {
  const topic = '/v1/projects/demo-prod/topics/budget';
  const subscription = '/v1/projects/demo-prod/subscriptions/budget';
  const wanted = { subscription: 'budget', most: 1, patienceMs: 5000 };
  const tried = async (name: string) =>
    Promise.all([
      statusAs(name, 'PUT', topic, {}),
      statusAs(name, 'POST', `${topic}:setIamPolicy`, { policy: {} }),
      statusAs(name, 'GET', topic),
    ]);
  await at.cloud.call('PUT', topic, {});
  await at.cloud.call('PUT', subscription, { topic: topic.replace('/v1/', '') });
  expect(await tried('planner')).toEqual([403, 403, 200]);
  expect(await tried('deployer')).toEqual([409, 200, 200]);
  await expect(pull(as('planner'), wanted)).rejects.toMatchObject({ code: 'GOOGLE_DENIED' });
  expect(await pull(as('deployer'), wanted)).toEqual([]);
});

test('the migrator has nothing to do with services', async () => {
  expect(await onService('migrator').catch(() => [])).toEqual([]);
});

test('the deployer alone gets tokens of the services, to ask as them; nobody has a key file', async () => {
  const account = email('run-users');
  expect((await generateAccessToken(as('deployer'), { account })).token).not.toBe('');
  for (const name of ['planner', 'migrator'])
    await expect(generateAccessToken(as(name), { account })).rejects.toMatchObject({
      code: 'GOOGLE_DENIED',
    });
  const keys = await at.cloud.call('GET', `/v1/projects/demo-prod/serviceAccounts`);
  expect(JSON.stringify(keys.body)).not.toContain('privateKey');
});

test('the deployer gets them account by account, and none of another account', async () => {
  const resource = `/v1/projects/demo-prod/serviceAccounts/${email('run-users')}:getIamPolicy`;
  const { body } = await at.cloud.call('POST', resource, {});
  const members = [`serviceAccount:${email('windlass-deployer')}`];
  expect(body.bindings).toHaveLength(2);
  expect(body.bindings).toEqual(
    expect.arrayContaining([
      { role: 'roles/iam.serviceAccountUser', members },
      { role: 'roles/iam.serviceAccountTokenCreator', members },
    ]),
  );
  await expect(
    generateAccessToken(as('deployer'), { account: email('windlass-migrator') }),
  ).rejects.toMatchObject({ code: 'GOOGLE_DENIED' });
});

async function statusAs(name: string, method: string, path: string, body?: object) {
  const headers = {
    authorization: `Bearer ${await as(name).token()}`,
    'content-type': 'application/json',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await fetch(`${at.cloud.door.url}${path}`, { method, headers, ...sent })).status;
}

async function makeService(): Promise<void> {
  const image = await pushImage(at.cloud, serving(`'users'`), 'users');
  const template = { containers: [{ image }], serviceAccount: email('run-users') };
  const made = await at.cloud.done('POST', `/v2/${PARENT}/services?serviceId=users`, { template });
  expect(made.body.error).toBeUndefined();
}
