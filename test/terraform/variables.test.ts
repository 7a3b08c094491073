import { expect, test } from 'vitest';
import { foundationVariables, servicesVariables } from '../../src/terraform/variables.ts';

const service = {
  cpu: 1,
  memory: '512Mi',
  min: 0,
  max: 2,
  concurrency: 80,
  port: 8080,
  public: false,
  calls: [],
  env: { LOG_LEVEL: 'info' },
  secrets: { 'model-key': 'generated', 'database-url': 'database' },
  startupPath: '/healthz',
  livenessPath: '/alive',
};
const environment = { name: 'staging', project: 'wellness-staging', region: 'us-central1' };
const given = {
  environment,
  services: { agent: service },
  images: { agent: 'r/agent@sha256:ab' },
  secretVersions: { 'agent-model-key': '1', 'agent-database-url': '12' },
  addresses: {},
  deletionProtection: true,
};

test('the foundation learns the names of secrets, and nothing of their sources', () => {
  expect(foundationVariables({ environment, services: { agent: service } })).toEqual({
    environment,
    services: { agent: { secrets: ['database-url', 'model-key'] } },
    budget: null,
  });
});

test('of a secret that a person fills it learns that it is not its own', () => {
  const secrets = { 'stripe-key': 'external', 'database-url': 'database' };
  expect(
    foundationVariables({ environment, services: { agent: { ...service, secrets } } }),
  ).toEqual(
    expect.objectContaining({
      services: { agent: { secrets: ['database-url'], external: ['stripe-key'] } },
    }),
  );
});

test('a billing account brings a budget', () => {
  const billed = {
    ...environment,
    billingAccount: '0-0-0',
    budgetEmail: 'o@example.com',
    projectNumber: '17',
  };
  expect(foundationVariables({ environment: billed, services: {} })).toMatchObject({
    environment,
    budget: { account: '0-0-0', email: 'o@example.com', project_number: '17' },
  });
});

test('a service is given its digest and the numbers of its own secrets', () => {
  expect(servicesVariables(given).services['agent']).toMatchObject({
    image: 'r/agent@sha256:ab',
    secrets: { 'model-key': '1', 'database-url': '12' },
    liveness_path: '/alive',
    env: { LOG_LEVEL: 'info' },
  });
});

test('a pool reaches the service as a variable, where it is stated', () => {
  const envOf = (more: object) =>
    servicesVariables({ ...given, services: { agent: { ...service, ...more } } }).services['agent']
      ?.env;
  expect(envOf({ pool: 3 })).toEqual({ LOG_LEVEL: 'info', DATABASE_POOL: '3' });
  expect(envOf({})).toEqual({ LOG_LEVEL: 'info' });
});

test('what windlass.yaml does not state is not said, so that an older stack plans no change', () => {
  expect(servicesVariables(given).services['agent']).toEqual({
    ...{ image: 'r/agent@sha256:ab', cpu: 1, memory: '512Mi', min: 0, max: 2, concurrency: 80 },
    ...{ port: 8080, public: false, calls: [], env: { LOG_LEVEL: 'info' } },
    secrets: { 'model-key': '1', 'database-url': '12' },
    ...{ startup_path: '/healthz', liveness_path: '/alive' },
  });
});

test('start, timeout and ingress are said in the words of the stack', () => {
  const stated = {
    ...{ startup: 120, timeout: 900, command: ['serve'], args: ['--all'] },
    ingress: 'internal',
  } as const;
  const services = { agent: { ...service, ...stated } };
  expect(servicesVariables({ ...given, services }).services['agent']).toMatchObject({
    ...{ startup_seconds: 120, timeout_seconds: 900, command: ['serve'], args: ['--all'] },
    ingress: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  });
});

test.each([
  ['an image', { images: {} }, 'the image of agent'],
  [
    'a version',
    { secretVersions: { 'agent-model-key': '1' } },
    'the version of agent-database-url',
  ],
])('%s that is missing stops it before Terraform', (_name, without, words) => {
  expect(() => servicesVariables({ ...given, ...without })).toThrow(words);
});
