import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeHome } from '../src/make-home.ts';
import { packFiles, sha256 } from '../src/releases/archive.ts';
import { temporaryFolder } from './setup/process.ts';

let root: string;
beforeAll(async () => {
  root = await temporaryFolder('umask');
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Everything below a folder that another user of the machine may read, list or write. */
async function openToOthers(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const plain = entries.filter((entry) => entry.isFile() || entry.isDirectory());
  const paths = [folder, ...plain.map(({ parentPath, name }) => join(parentPath, name))];
  const found = await Promise.all(
    paths.map(async (path) => ((await stat(path)).mode & 0o066) !== 0 && path),
  );
  return found.flatMap((path) => (path === false ? [] : [path]));
}

it(
  'a sandbox leaves nothing that another user can read but its certificate',
  { timeout: 300_000 },
  async () => {
    const home = join(root, 'home');
    const options = ['--home', home, '--project', 'shop-production'];
    const alone = ['--no-temporal', '--temporal-address', '127.0.0.1:1'];
    try {
      await openly('sandbox/up.ts', ...options, ...alone);
      const written = await readdir(home, { recursive: true });
      expect(written).toEqual(expect.arrayContaining(['sandbox.json', 'world', 'log', 'run']));
      const certificate = join(home, 'world', 'supabase', 'authority', 'root.crt');
      expect(await openToOthers(home)).toEqual([certificate]);
    } finally {
      await openly('sandbox/down.ts', '--home', home);
    }
  },
);

/** A program of ours as somebody starts it whose files are open to everybody. */
function openly(...program: readonly string[]) {
  return execa('sh', ['-c', 'umask 022; exec "$@"', 'sh', process.execPath, ...program]);
}

it('a home that an older Windlass left open is closed; one that somebody named is theirs', async () => {
  const [own, named] = [join(root, '.windlass'), join(root, 'named')];
  for (const folder of [own, named]) {
    await mkdir(folder);
    await writeFile(join(folder, '.gitignore'), '*\n');
    await chmod(folder, 0o755);
    await makeHome(folder);
  }
  expect((await stat(own)).mode & 0o777).toBe(0o700);
  expect((await stat(named)).mode & 0o777).toBe(0o755);
});

it('equal files make equal bundles under any umask', async () => {
  const files = new Map([['a/b.txt', Buffer.from('b')]]);
  const before = process.umask(0o022);
  const open = await packFiles(files);
  process.umask(0o077);
  const closed = await packFiles(files);
  process.umask(before);
  expect(sha256(closed)).toBe(sha256(open));
});
