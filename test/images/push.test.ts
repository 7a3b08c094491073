import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importImage } from '../../sandbox/google/registry.ts';
import { imageExists } from '../../src/gcp/registry.ts';
import { buildImage } from '../../src/images/build.ts';
import type { Image } from '../../src/images/image.ts';
import { pushImage } from '../../src/images/push.ts';
import { openGoogle, project } from '../gcp/google-door.ts';
import type { GoogleDoor } from '../gcp/google-door.ts';

const repository = `us-central1-docker.pkg.dev/${project}/wellness/habits`;
let door: GoogleDoor;
let folder = '';
let image: Image;
beforeAll(async () => {
  door = await openGoogle();
  const path = `/v1/projects/${project}/locations/us-central1/repositories?repository_id=wellness`;
  await door.call('POST', path, { format: 'DOCKER' });
  folder = await mkdtemp(join(tmpdir(), 'windlass-push-'));
  await writeFile(join(folder, 'service.json'), '{"command":["sh","run.sh"]}');
  await writeFile(join(folder, 'run.sh'), 'exec sleep 60\n');
  image = await buildImage(folder);
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a pushed image', () => {
  test('is in the registry under its digest, and a second push sends nothing', async () => {
    const reference = `${repository}@${image.digest}`;
    expect(await imageExists(door.access, reference)).toBe(false);
    expect(await pushImage(door.access, { image, repository })).toEqual({ reference, uploaded: 2 });
    expect(await imageExists(door.access, reference)).toBe(true);
    expect(await pushImage(door.access, { image, repository })).toEqual({ reference, uploaded: 0 });
  });

  test('shares blobs with the images before it', async () => {
    await writeFile(join(folder, 'service.json'), '{"command":["sh","-x","run.sh"]}');
    const next = await buildImage(folder);
    const mixed = { ...next, layers: [...next.layers, ...image.layers] };
    expect((await pushImage(door.access, { image: mixed, repository })).uploaded).toBe(2);
  });

  test('unpacks to the code that was built, with its command', async () => {
    const { reference } = await pushImage(door.access, { image, repository });
    const unpacked = await importImage(door.world, reference);
    expect(unpacked.command).toEqual(['sh', 'run.sh']);
    expect(await readdir(unpacked.folder)).toEqual(['run.sh', 'service.json']);
    expect(await readFile(join(unpacked.folder, 'run.sh'), 'utf8')).toBe('exec sleep 60\n');
  });

  test('is refused for a repository that does not exist', async () => {
    const elsewhere = `us-central1-docker.pkg.dev/${project}/none/habits`;
    const pushing = pushImage(door.access, { image, repository: elsewhere });
    await expect(pushing).rejects.toMatchObject({ code: 'GOOGLE_NOT_FOUND' });
  });
});

test.each(['docker.io/library/python@sha256:0', 'habits', `${repository}:latest`])(
  'an image elsewhere or by tag is refused: %s',
  async (reference) => {
    const looking = imageExists(door.access, reference);
    await expect(looking).rejects.toMatchObject({ code: 'IMAGE_ELSEWHERE' });
  },
);
