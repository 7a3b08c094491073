import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { requireFiles } from '../../src/config/require-files.ts';
import { Failure } from '../../src/failure.ts';
import { temporaryFolder } from '../setup/process.ts';

test.each([
  [
    'a folder beside the source',
    '{ tool: sql, path: db }',
    /services\.api\.migrations\.path \(line 3\): the folder db does not exist.*write api\/db/,
  ],
  [
    'no folder in the source',
    '{ tool: sql }',
    /services\.api\.source \(line 3\): the folder api\/migrations does not exist/,
  ],
  [
    'no alembic.ini in a path',
    '{ tool: alembic, path: api }',
    /services\.api\.migrations\.path \(line 3\): the file api\/alembic\.ini does not exist/,
  ],
  ['another tool', '{ tool: rails }', /services\.api\.migrations/],
])('%s is named by its key and line', async (_, migrations, why) => {
  const root = await written(migrations);
  const read = async () => requireFiles(root, await readConfig(root), { sources: true });
  const failure: unknown = await read().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(failure instanceof Failure && `${failure.why}. ${failure.fix}`).toMatch(why);
});

test('SQL files of an image that is built elsewhere need no source', async () => {
  const root = await written(
    '{ tool: sql, path: api }',
    'image: us-central1-docker.pkg.dev/p/r/api:one',
  );
  await expect(
    requireFiles(root, await readConfig(root), { sources: true }),
  ).resolves.toBeUndefined();
});

async function written(migrations: string, image = 'source: api') {
  const root = await temporaryFolder('migrations');
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'api'));
  await writeFile(
    join(root, 'windlass.yaml'),
    `name: shop
services:
  api: { ${image}, migrations: ${migrations} }
environments:
  production:
    project: shop-production
    supabase:
      organization: shop
      project: shop-production
      settings: { jwt_exp: 3600, mailer_autoconfirm: false, site_url: 'https://shop.example.com', uri_allow_list: '' }
`,
  );
  return root;
}
