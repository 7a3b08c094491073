import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { findServices } from '../../src/new-project/find-services.ts';
import { firstConfig } from '../../src/new-project/first-config.ts';
import { temporaryFolder } from '../setup/process.ts';

let root: string;

afterEach(() => rm(root, { recursive: true }));

/** What is found in a repository of these files. */
async function found(files: Readonly<Record<string, string>>) {
  root = await temporaryFolder('found');
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return findServices(root);
}

it('a folder of numbered SQL files is one of migrations', async () => {
  const sql = { 'api/go.mod': 'module api\n', 'api/migrations/0001_orders.up.sql': '' };
  const seeds = { 'web/package.json': '{}', 'web/migrations/seed.sql': '' };
  const services = await found({ ...sql, ...seeds });
  const [api] = services;
  expect(services).toMatchObject([{ migrations: true, sql: true }, { migrations: false }]);
  const wishes = { name: 'shop', region: 'r', project: 'p', organization: 'o' };
  expect(firstConfig(wishes, api ? [api] : [])).toContain('migrations: { tool: sql }');
});

it('every folder with a Dockerfile or a manifest is a service, up to three levels down', async () => {
  const services = await found({
    'web/Dockerfile': 'FROM node:24\nEXPOSE 3000\n',
    'web/package.json': '{}',
    'services/api/go.mod': 'module api\n',
    'services/worker/pyproject.toml': '',
    'services/worker/alembic.ini': '[alembic]\n',
    'a/b/reports/requirements.txt': '',
    'a/b/c/toodeep/Dockerfile': 'FROM scratch\n',
    'README.md': '# shop\n',
  });
  const plain = { dockerfile: false, migrations: false };
  expect(services).toEqual([
    { name: 'reports', source: 'a/b/reports', sign: 'requirements.txt', ...plain },
    { name: 'api', source: 'services/api', sign: 'go.mod', ...plain },
    {
      ...{ name: 'worker', source: 'services/worker', sign: 'pyproject.toml' },
      ...{ dockerfile: false, migrations: true },
    },
    {
      ...{ name: 'web', source: 'web', sign: 'Dockerfile', port: 3000 },
      ...{ dockerfile: true, migrations: false },
    },
  ]);
});

it('what is installed, made, hidden or about services is none, nor is a part of one', async () => {
  const services = await found({
    'api/Dockerfile': 'FROM scratch\n',
    'api/ui/package.json': '{}',
    'node_modules/x/package.json': '{}',
    '.venv/requirements.txt': '',
    'docs/requirements.txt': '',
    'tools/package.json': '{}',
    'package.json': '{ "workspaces": ["*"] }',
  });
  expect(services.map(({ source }) => source)).toEqual(['api']);
});

it('a repository that is one service is found as such', async () => {
  expect(await found({ 'pyproject.toml': '', 'app/main.py': '' })).toMatchObject([{ source: '.' }]);
  await rm(root, { recursive: true });
  const one = await found({ Dockerfile: 'FROM scratch\n', 'frontend/package.json': '{}' });
  expect(one).toMatchObject([{ source: '.', sign: 'Dockerfile' }]);
});

it('an empty folder has none', async () => {
  expect(await found({})).toEqual([]);
});

it('names are such as windlass.yaml takes, and no two are the same', async () => {
  const services = await found({
    'apps/web/Dockerfile': '',
    'admin/web/Dockerfile': '',
    'My_API.v2/Dockerfile': '',
    '2nd/Dockerfile': '',
    'x/Dockerfile': '',
    'a-service-with-a-name-of-more-than-26/Dockerfile': '',
  });
  const names = services.map(({ name }) => name);
  expect(names).toEqual([
    'nd',
    'my-api-v2',
    'a-service-with-a-name-of-m',
    'admin-web',
    'apps-web',
    'x-service',
  ]);
});
