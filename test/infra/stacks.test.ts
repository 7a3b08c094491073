import { afterAll, beforeAll, expect, test } from 'vitest';
import { mending } from '../../src/stacks/reconcile.ts';
import { everythingAt } from '../../src/gcp/access.ts';
import { serviceAddresses } from '../../src/gcp/service-address.ts';
import { output } from '../../src/terraform/output.ts';
import { stateList } from '../../src/terraform/state-list.ts';
import { foundationVariables, servicesVariables } from '../../src/terraform/variables.ts';
import type { CatalogService } from '../../src/terraform/variables.ts';
import { asking } from './asking.ts';
import { openEnvironment } from './environment.ts';
import { makeRelease } from './make-release.ts';
import { callee, environment, services, wider } from './sample-services.ts';

type Environment = Awaited<ReturnType<typeof openEnvironment>>;
type Stack = Awaited<ReturnType<Environment['stack']>>;

let at: Environment;
const { promote, uri, say, sayAs } = asking(() => at.cloud);
let foundation: Stack;
let running: Stack;
let images: Record<string, string>;
let addresses: Readonly<Record<string, string>>;
let newMeals: string;
let broken: string;

const servicesOf = (wanted: Readonly<Record<string, CatalogService>>) =>
  servicesVariables({
    ...{ environment, services: wanted, images, addresses, deletionProtection: true },
    secretVersions: { 'meals-database-url': '1' },
  }).services;

const variables = (more: Record<string, string> = {}, protection = true) =>
  servicesVariables({
    ...{ environment, addresses },
    services: more['agent'] === undefined ? services : wider,
    images: { ...images, ...more },
    secretVersions: { 'meals-database-url': '1' },
    deletionProtection: protection,
  });

beforeAll(async () => {
  at = await openEnvironment();
  [foundation, running] = await Promise.all([at.stack('10-foundation'), at.stack('20-services')]);
  const owner = { ...environment, token: async () => at.cloud.token };
  const google = everythingAt(at.cloud.door.url, owner);
  addresses = await serviceAddresses(google, ['meals', 'users']);
});
afterAll(() => at[Symbol.asyncDispose]());

test('the foundation passes the gate, is applied, and its second plan is empty', async () => {
  const wanted = foundationVariables({ environment, services, repository: 'images' });
  const first = await foundation.planned(wanted);
  expect(first.violations).toEqual([]);
  expect(first.cost).toMatchObject({ fixed: 0, unknown: [] });
  expect(first.summary).toMatchObject({ change: 0, destroy: 0 });
  await foundation.applied(first.saved);
  expect((await foundation.planned(wanted)).summary.resources).toEqual([]);
  expect(await output(foundation.place)).toMatchObject({
    accounts: { meals: 'run-meals@demo-prod.iam.gserviceaccount.com' },
    repository: 'us-central1-docker.pkg.dev/demo-prod/images',
    secrets: { 'meals-database-url': 'meals' },
  });
});

test('the services pass the gate, run, and their second plan is empty', async () => {
  ({ images, newMeals, broken } = await makeRelease(at.cloud));
  const first = await running.planned(variables());
  expect(first.violations).toEqual([]);
  expect(first.cost).toMatchObject({ fixed: 9.86, unknown: [] });
  await running.applied(first.saved);
  expect((await running.planned(variables())).summary.resources).toEqual([]);
});

test('the gateway answers everybody and knows its peers; a backend answers nobody', async () => {
  const [gateway, meals] = [uri('gateway'), uri('meals')];
  expect(await say(await gateway)).toBe(`${addresses['meals']} ${addresses['users']}`);
  expect((await fetch(await meals)).status).toBe(403);
  expect((await fetch(addresses['meals'] ?? '')).status).toBe(403);
  expect(addresses['meals']).not.toBe(await meals);
});

test('a secret is a file of the pinned version', async () => {
  expect(await sayAs('run-gateway', await uri('meals'))).toBe('old postgres://meals');
});

test('both addresses of a service take a token for either', async () => {
  const both = [await uri('meals'), addresses['meals'] ?? ''];
  for (const audience of both)
    for (const url of both)
      expect(await sayAs('run-gateway', url, audience)).toBe('old postgres://meals');
  expect(await sayAs('run-gateway', both[1] ?? '', await uri('users'))).toContain('Unauthorized');
  const path = '/v2/projects/demo-prod/locations/us-central1/services/meals';
  expect((await at.cloud.call('GET', path)).body.urls).toEqual(both.toReversed());
});

test('services that call each other in a circle are made, and know their addresses', async () => {
  const google = everythingAt(at.cloud.door.url, {
    ...environment,
    token: async () => at.cloud.token,
  });
  const told = await serviceAddresses(google, ['meals', 'users', 'gateway']);
  const circle = {
    gateway: { ...services.gateway, calls: ['users'] },
    meals: { ...services.meals, calls: ['gateway', 'users'] },
    users: { ...services.users, calls: ['meals', 'gateway'] },
  };
  const { services: wanted } = servicesVariables({
    ...{ environment, services: circle, images, addresses: told, deletionProtection: true },
    secretVersions: { 'meals-database-url': '1' },
  });
  await running.converge({ ...variables(), services: wanted });
  const path = '/v2/projects/demo-prod/locations/us-central1/services/users';
  const { body } = await at.cloud.call('GET', path);
  expect(body.template.containers[0].env).toEqual(
    expect.arrayContaining([
      { name: 'MEALS_URL', value: told['meals'] },
      { name: 'GATEWAY_URL', value: told['gateway'] },
    ]),
  );
  await running.converge(variables());
});

test('start, timeout, words and ingress reach Cloud Run, and leaving them out again undoes them', async () => {
  const stated = {
    startup: 120,
    timeout: 900,
    command: ['node'],
    ingress: 'internal',
    args: ['service.mjs', '--port', '8080'],
  } as const;
  const wanted = { ...services, users: { ...services.users, ...stated } };
  const path = '/v2/projects/demo-prod/locations/us-central1/services/users';
  await running.converge({ ...variables(), services: servicesOf(wanted) });
  const { ingress, template } = (await at.cloud.call('GET', path)).body;
  const [{ command, args, startupProbe }] = template.containers;
  expect({ ingress, command, args, timeout: template.timeout }).toEqual({
    ...{ ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY', command: ['node'], timeout: '900s' },
    args: [...stated.args],
  });
  expect(startupProbe.failureThreshold * startupProbe.periodSeconds).toBe(120);
  expect((await fetch(await uri('users'))).status).toBe(404);
  await running.converge(variables());
  const { body } = await at.cloud.call('GET', path);
  expect(body).toMatchObject({ ingress: 'INGRESS_TRAFFIC_ALL', template: { timeout: '60s' } });
  expect(body.template.containers[0].command).toBeUndefined();
  expect((await running.planned(variables())).saved.empty).toBe(true);
});

test('changed code is one new revision, which gets no traffic until it is promoted', async () => {
  await promote('meals');
  const { saved, summary } = await running.planned(variables({ meals: newMeals }));
  expect(summary.resources).toEqual([
    { address: callee('meals'), type: 'google_cloud_run_v2_service', actions: ['update'] },
  ]);
  await running.applied(saved);
  expect(await sayAs('run-gateway', await uri('meals'))).toBe('old postgres://meals');
  expect((await running.planned(variables({ meals: newMeals }))).saved.empty).toBe(true);
  await promote('meals');
  expect(await sayAs('run-gateway', await uri('meals'))).toBe('new postgres://meals');
  expect((await running.planned(variables({ meals: newMeals }))).saved.empty).toBe(true);
});

test('a revision that cannot start fails by name, the old one answers, a rollback mends it', async () => {
  const { saved } = await running.planned(variables({ meals: broken }));
  await expect(running.applied(saved)).rejects.toMatchObject({
    code: 'TERRAFORM_REVISION_FAILED',
    class: 'undo',
    addresses: [callee('meals')],
  });
  expect(await sayAs('run-gateway', await uri('meals'))).toBe('new postgres://meals');
  await running.converge(variables({ meals: newMeals }));
  expect((await running.planned(variables({ meals: newMeals }))).saved.empty).toBe(true);
  expect(await sayAs('run-gateway', await uri('meals'))).toBe('new postgres://meals');
});

test('a service whose first revision fails is refused as a replacement, and mended untainted', async () => {
  const wanted = (agent: string) => variables({ meals: newMeals, agent });
  const sound = wanted(images['users'] ?? '');
  await foundation.converge(
    foundationVariables({ environment, services: wider, repository: 'images' }),
  );
  await expect(running.converge(wanted(broken))).rejects.toMatchObject({
    code: 'TERRAFORM_REVISION_FAILED',
    addresses: [callee('agent')],
  });
  const replacing = await running.planned(sound);
  expect(replacing.violations.map(({ rule }) => rule)).toEqual(['no-replace']);
  const unlocked = { read: async () => undefined, remove: async () => false };
  const stack = { place: running.place, lock: unlocked, everyRun: async () => [] };
  await expect(mending(stack, () => running.applied(replacing.saved))).rejects.toMatchObject({
    code: 'TERRAFORM_TAINTED_PROTECTED',
    class: 'reconcile',
  });
  const mended = await running.planned(sound);
  expect(mended.violations).toEqual([]);
  await running.applied(mended.saved);
  expect((await running.planned(sound)).saved.empty).toBe(true);
});

test('everything is destroyed only once its protection is off', async () => {
  const wanted = (protection: boolean) =>
    variables({ meals: newMeals, agent: images['users'] ?? '' }, protection);
  const end = await running.planned(wanted(true), 'destroy');
  expect(end.violations.map(({ rule }) => rule)).toEqual(['no-delete']);
  await expect(running.applied(end.saved)).rejects.toMatchObject({ class: 'reconcile' });
  await running.converge(wanted(false));
  await running.applied((await running.planned(wanted(false), 'destroy')).saved);
  expect(await stateList(running.place)).toEqual([]);
});
