import { chmod, cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Parser } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildImage } from '../../src/images/build.ts';
import { digestOf } from '../../src/images/image.ts';

let room = '';
let folder = '';
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'windlass-image-'));
  folder = join(room, 'habits');
  await mkdir(join(folder, 'migrations', 'versions'), { recursive: true });
  await writeFile(join(folder, 'service.json'), '{"command":["python","-m","uvicorn","app:app"]}');
  await writeFile(join(folder, 'app.py'), 'app = 1\n');
  await writeFile(join(folder, 'migrations', 'versions', '0001_habit.py'), 'revision = "0001"\n');
});
afterEach(() => rm(room, { recursive: true, force: true }));

describe('the digest of an image', () => {
  test('is known for a known folder, on every machine', async () => {
    const image = await buildImage(folder);
    expect(image.digest).toMatchInlineSnapshot(
      `"sha256:cd020ee387f7bd1b9a7c6bc7598b0b5848b525a44ec9955832b64d14e27f0d25"`,
    );
  });

  test('does not depend on place, time, permissions of the group or order of creation', async () => {
    const before = await buildImage(folder);
    const copy = join(room, 'elsewhere', 'copy');
    await cp(folder, copy, { recursive: true });
    await utimes(join(copy, 'app.py'), new Date(0), new Date(0));
    await chmod(join(copy, 'app.py'), 0o664);
    await rm(join(copy, 'service.json'));
    await cp(join(folder, 'service.json'), join(copy, 'service.json'));
    expect((await buildImage(copy)).digest).toBe(before.digest);
  });

  test('does not see caches, environments and tests', async () => {
    const before = await buildImage(folder);
    for (const name of ['__pycache__', '.venv', 'tests', 'migrations/__pycache__']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'left.py'), 'left');
    }
    expect((await buildImage(folder)).digest).toBe(before.digest);
  });

  test.each([
    ['a changed byte', () => writeFile(join(folder, 'app.py'), 'app = 2\n')],
    ['a new file', () => writeFile(join(folder, 'more.py'), '')],
    ['an executable bit', () => chmod(join(folder, 'app.py'), 0o755)],
    ['another command', () => writeFile(join(folder, 'service.json'), '{"command":["sh"]}')],
  ])('changes with %s', async (_, change) => {
    const before = await buildImage(folder);
    await change();
    expect((await buildImage(folder)).digest).not.toBe(before.digest);
  });
});

describe('an image', () => {
  test('holds the folder, readable by any gunzip and tar', async () => {
    await writeFile(join(folder, 'large.bin'), Buffer.alloc(200_000, 7));
    const image = await buildImage(folder);
    const tar = gunzipSync(image.layers[0]?.bytes ?? Buffer.alloc(0));
    expect(await pathsOf(tar)).toEqual([
      'app.py',
      'large.bin',
      'migrations/',
      'migrations/versions/',
      'migrations/versions/0001_habit.py',
      'service.json',
    ]);
    expect(JSON.parse(image.config.bytes.toString())).toMatchObject({
      config: { Cmd: ['python', '-m', 'uvicorn', 'app:app'], WorkingDir: '/' },
      rootfs: { diff_ids: [digestOf(tar)] },
    });
  });

  test('is refused for a folder that names no command', async () => {
    await writeFile(join(folder, 'service.json'), '{"command":[]}');
    await expect(buildImage(folder)).rejects.toMatchObject({ code: 'IMAGE_WITHOUT_COMMAND' });
  });

  test('is refused for a folder with a link', async () => {
    await symlink('/etc/hostname', join(folder, 'host'));
    await expect(buildImage(folder)).rejects.toMatchObject({ code: 'IMAGE_NOT_PLAIN' });
  });

  test('is refused for a path that plain tar cannot hold', async () => {
    const deep = join(folder, 'd'.repeat(120), 'e'.repeat(120));
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'f'.repeat(120)), '');
    await expect(buildImage(folder)).rejects.toMatchObject({ code: 'IMAGE_PATH_TOO_LONG' });
  });
});

async function pathsOf(tar: Buffer): Promise<readonly string[]> {
  const paths: string[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      paths.push(entry.path);
      entry.resume();
    },
  });
  const ended = new Promise((resolve) => parser.on('end', resolve));
  parser.end(tar);
  await ended;
  return paths;
}
