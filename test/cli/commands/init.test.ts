import { mkdir, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { programModule } from '../../../src/program-files.ts';
import { temporaryFolder } from '../../setup/process.ts';

let root: string;
// Whole commands start here, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  root = await realpath(await temporaryFolder('init'));
  await mkdir(join(root, 'shop', 'api'), { recursive: true });
  await writeFile(join(root, 'shop', 'api', 'go.mod'), 'module api\n');
  await mkdir(join(root, 'shop', 'web'));
  await writeFile(join(root, 'shop', 'web', 'Dockerfile'), 'FROM scratch\n');
});

afterAll(() => rm(root, { recursive: true }));

/** What `windlass init` says there, without a terminal. */
async function init(cwd: string, ...args: readonly string[]) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('WINDLASS_'));
  const argv = [programModule('src/cli/main'), 'init', ...args];
  const options = { cwd, env: Object.fromEntries(kept), extendEnv: false } as const;
  return execa(process.execPath, argv, { ...options, reject: false, all: true, input: '' });
}

it('begins a project, says what it did and what to type next; then it refuses', async () => {
  const shop = join(root, 'shop');
  const ended = await init(shop, '--organization', 'acme');
  expect(ended.exitCode, ended.all).toBe(0);
  expect(ended.stdout).toMatch(/^found +api +api\/go.mod, and no Dockerfile yet$/m);
  expect(ended.stdout).toMatch(/^found +web +web\/Dockerfile$/m);
  expect(ended.stdout).toMatch(/^windlass.yaml +written$/m);
  expect(ended.stdout).toMatch(/^ {2}write api\/Dockerfile$/m);
  expect(ended.stdout).toMatch(/^ {2}windlass plan -e production/m);
  expect((await readdir(shop)).sort()).toEqual(
    ['.gitignore', 'Makefile', 'api', 'web', 'windlass.yaml'].sort(),
  );
  const yaml = await readFile(join(shop, 'windlass.yaml'), 'utf8');
  expect(yaml).toContain('organization: acme');
  expect(yaml).toContain('project: shop-production');

  const again = await init(shop);
  expect(again.exitCode, again.all).toBe(2);
  expect(again.all).toContain('PROJECT_EXISTS');
  const inside = await init(join(shop, 'web'));
  expect(inside.exitCode, inside.all).toBe(2);
  expect(inside.all).toContain(`this folder belongs to the project in ${shop}`);
});

it('writes nothing where a flag is wrong', async () => {
  const bare = join(root, 'bare');
  await mkdir(bare);
  const ended = await init(bare, '--region', 'us-centrall1');
  expect(ended.exitCode, ended.all).toBe(2);
  expect(ended.all).toContain('Did you mean `us-central1`?');
  expect(await readdir(bare)).toEqual([]);
});
