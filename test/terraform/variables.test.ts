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
  deletionProtection: true,
};

test('the foundation learns the names of secrets, and nothing of their sources', () => {
  expect(foundationVariables({ environment, services: { agent: service } })).toEqual({
    environment,
    services: { agent: { secrets: ['database-url', 'model-key'] } },
    budget: null,
  });
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
