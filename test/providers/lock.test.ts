import { copyFile, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { readProvidersLock } from '../../src/providers/lock-file.ts';
import { lockArgs } from '../../src/providers/lock-providers.ts';
import { gatherContents, releaseId } from '../../src/releases/contents.ts';
import { runTerraform } from '../../src/terraform/run.ts';
import { temporaryFolder } from '../setup/process.ts';
import { mirrorOf } from './mirror.ts';

let root: string;
let mirror: string;
let altered: string;
const file = () => join(root, 'windlass.lock.hcl');

beforeAll(async () => {
  root = await temporaryFolder('lock');
  await writeFile(join(root, 'windlass.yaml'), 'name: shop\n');
  mirror = await mirrorOf(join(root, 'mirror'), 'a provider');
  altered = await mirrorOf(join(root, 'altered'), 'something else');
});
beforeEach(() => rm(file(), { force: true }));
afterAll(() => rm(root, { recursive: true, force: true }));

function lock(...args: readonly string[]) {
  const main = join(process.cwd(), 'src', 'cli', 'main.ts');
  return execa(process.execPath, [main, 'lock', ...args], { cwd: root, reject: false, all: true });
}

it('asks Terraform for every platform', () => {
  expect(lockArgs('/mirror')).toEqual([
    ...['providers', 'lock', '-no-color'],
    ...['-platform=linux_amd64', '-platform=linux_arm64'],
    ...['-platform=darwin_amd64', '-platform=darwin_arm64'],
    '-fs-mirror=/mirror',
  ]);
});

it('writes what each platform runs, for everybody of the project to read', async () => {
  const ended = await lock('--mirror', mirror);
  expect(ended.exitCode, ended.all).toBe(0);
  const locked = readProvidersLock(await readFile(file(), 'utf8'));
  expect(locked).toMatchObject([
    { source: 'registry.terraform.io/hashicorp/google', version: '7.45.0' },
  ]);
  expect(new Set(locked[0]?.hashes).size).toBe(4);
  expect((await stat(file())).mode & 0o044).toBe(0o044);
  const again = await lock('--mirror', mirror);
  expect(again.all).toContain('is up to date');
});

it('a provider that was altered since is refused, and the file stays as it is', async () => {
  await lock('--mirror', mirror);
  const before = await readFile(file(), 'utf8');
  const ended = await lock('--mirror', altered);
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('[PROVIDER_ALTERED]');
  expect(await readFile(file(), 'utf8')).toBe(before);
});

it('where nothing can be fetched nothing is written, and no checksum is made up', async () => {
  const ended = await lock('--mirror', join(root, 'nowhere'));
  expect(ended.exitCode, ended.all).toBe(3);
  expect(ended.all).toContain('[PROVIDERS_NOT_FETCHED]');
  expect(ended.all).toContain('google');
  await expect(stat(file())).rejects.toThrow('ENOENT');
});

it.each([
  ['', 'names no provider'],
  ['provider "a/b" {\n  version = "1.0.0"\n}\n', 'no checksum'],
  ['provider "a/b" {\n  hashes = [\n    "h1:abc=",\n  ]\n}\n', 'no version'],
  ['<<<<<<< HEAD\n', 'names no provider'],
])('a lock file that Terraform did not write is refused: %j', (text, why) => {
  expect(() => readProvidersLock(text)).toThrow(
    expect.objectContaining({
      code: 'PROVIDERS_LOCK_UNREADABLE',
      why: expect.stringContaining(why),
    }),
  );
});

it('Terraform runs no other build than the locked one, on any machine', async () => {
  await lock('--mirror', mirror);
  const stackDir = join(root, 'stack');
  await mkdir(stackDir);
  await copyFile('infra/stacks/20-services/versions.tf', join(stackDir, 'versions.tf'));
  await copyFile(file(), join(stackDir, '.terraform.lock.hcl'));
  const env = { PATH: process.env['PATH'] ?? '', CHECKPOINT_DISABLE: '1' };
  const from = (folder: string) =>
    runTerraform({ binary: 'terraform', stackDir, env }, [
      ...['init', '-no-color', '-backend=false', '-lockfile=readonly', `-plugin-dir=${folder}`],
    ]);
  await expect(from(altered)).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' });
  expect((await from(mirror)).exitCode).toBe(0);
});

it('a release holds what was locked, and is another one with another lock', async () => {
  const config = await readConfig(process.cwd());
  const project = join(root, 'project');
  for (const part of ['windlass.yaml', 'examples'])
    await cp(part, join(project, part), {
      recursive: true,
      filter: (path) => !/\.venv/.test(path),
    });
  const bare = await gatherContents(project, config);
  await lock('--mirror', mirror);
  await copyFile(file(), join(project, 'windlass.lock.hcl'));
  const locked = await gatherContents(project, config);
  const at = 'infra/stacks/10-foundation/.terraform.lock.hcl';
  expect(locked.files.get(at)).toEqual(await readFile(file()));
  expect(bare.files.has(at)).toBe(false);
  expect(releaseId(locked.files)).not.toBe(releaseId(bare.files));
});
