import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../src/images/build.ts';
import type { Image } from '../../src/images/image.ts';
import { packImage, unpackImage } from '../../src/images/layout.ts';

let folder = '';
let image: Image;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windlass-layout-'));
  await writeFile(join(folder, 'service.json'), '{"command":["sh","run.sh"]}');
  await writeFile(join(folder, 'run.sh'), 'exec sleep 60\n');
  image = await buildImage(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a packed image', () => {
  test('is the same bytes each time and reads back as the same image', () => {
    const packed = packImage(image);
    expect(packImage(image).equals(packed)).toBe(true);
    expect(unpackImage(packed)).toEqual(image);
  });

  test('is refused when a byte of any blob is flipped', () => {
    for (const blob of [image.manifest, image.config, ...image.layers]) {
      const packed = packImage(image);
      const at = packed.indexOf(blob.bytes) + Math.floor(blob.bytes.length / 2);
      packed[at] = (packed[at] ?? 0) ^ 1;
      expect(() => unpackImage(packed)).toThrow(/stored image/);
    }
  });

  test('is refused when it is cut short, or nothing at all', () => {
    const packed = packImage(image);
    for (const length of [0, 100, 512, 2000, packed.length - 2000])
      expect(() => unpackImage(packed.subarray(0, length))).toThrow(/stored image/);
  });
});
