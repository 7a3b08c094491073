import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generatedKey } from '../src/backups/keys.ts';
import { makeHome } from '../src/make-home.ts';
import { temporaryFolder } from './setup/process.ts';

let root: string;

beforeAll(async () => {
  root = await temporaryFolder('home');
  await execa('git', ['init', '--quiet', root]);
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

const untracked = async () =>
  (await execa('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: root })).stdout;

it('a key that is made in a repository without a .gitignore is never seen by git', async () => {
  const home = join(root, '.windlass');
  await generatedKey(home, 'shop').current();
  expect(await readdir(join(home, 'keys'))).toEqual(['backup-shop.key']);
  expect(await untracked()).toBe('');
});

it('a home of an earlier day gets it as well, and one that the user wrote stays', async () => {
  const home = join(root, 'earlier', '.windlass');
  await mkdir(join(home, 'keys'), { recursive: true });
  await writeFile(join(home, 'keys', 'old.key'), 'k');
  await makeHome(home);
  expect(await untracked()).toBe('');
  await writeFile(join(home, '.gitignore'), '# mine\n*\n');
  await makeHome(home);
  expect(await readFile(join(home, '.gitignore'), 'utf8')).toBe('# mine\n*\n');
});

it('a folder that somebody else made and named to us gets none', async () => {
  const given = join(root, 'given');
  await mkdir(given);
  await makeHome(given);
  expect(await readdir(given)).toEqual([]);
});
