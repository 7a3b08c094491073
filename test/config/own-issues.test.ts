import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { temporaryFolder } from '../setup/process.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder('own');
});
afterAll(() => rm(root, { recursive: true }));

const yaml = (own: string) => `name: shop
services:
  api:
    source: api
    max: 3
  web:
    source: web
    calls: [api]
environments:
${environment('production', own)}${environment('staging', '')}`;

const environment = (name: string, own: string) => `  ${name}:
    project: shop-${name}
    supabase:
      organization: shop-${name}
      project: shop-${name}
      settings:
        jwt_exp: 3600
        mailer_autoconfirm: false
        site_url: https://${name}.example.org
        uri_allow_list: ''
${own}`;

async function wrong(service: string, own: string): Promise<string> {
  const text = yaml(`    services:\n      ${service}:\n        ${own}\n`);
  await writeFile(join(root, 'windlass.yaml'), text);
  const line = text.split('\n').findIndex((one) => one.trim() === own) + 1;
  const failure: unknown = await readConfig(root).catch((error: unknown) => error);
  if (!(failure instanceof Failure)) return 'nothing';
  return failure.why.replace(`line ${line}`, 'its line');
}

const own = 'environments.production.services';

it.each([
  ['api', 'cpu: 3', `${own}.api.cpu (its line): is 3`],
  ['api', 'min: 5', `${own}.api.min (its line): is 5, above \`max\`, which is 3`],
  [
    'api',
    "env: { PORT: '1' }",
    `${own}.api.env.PORT (its line): is a variable that Cloud Run sets`,
  ],
  ['api', 'env: { API_KEY: x }', `${own}.api.env.API_KEY (its line): looks like a secret`],
  ['web', 'env: { API_URL: x }', `${own}.web.env.API_URL (its line): is set by \`calls\``],
  [
    'api',
    'secrets: { db: database }',
    `${own}.api.secrets.db (its line): has nothing to log in to`,
  ],
  ['api', 'pool: 3', `${own}.api.pool (its line): has no effect`],
  ['api', 'public: true', `${own}.api.public (its line): is not a known key`],
  ['api', 'env: { HOST: db.shop-staging.example }', 'names the project of staging'],
])('%s with %s in one environment is refused there', async (service, written, says) => {
  expect(await wrong(service, written)).toContain(says);
});

it('what fits in an environment only is named by the environment that it does not fit in', async () => {
  expect(await wrong('api', 'memory: 8Gi')).toContain(`${own}.api.memory (its line): is 8Gi`);
});

it('a variable may name the project of its own environment', async () => {
  expect(await wrong('api', 'env: { HOST: db.shop-production.example }')).toBe('nothing');
});
