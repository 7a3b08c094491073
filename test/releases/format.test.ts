import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatFile, readFormat, releaseFormat } from '../../src/releases/format.ts';
import { asReleased } from '../../src/releases/as-released.ts';
import { storeRelease } from '../../src/releases/store.ts';
import { temporaryFolder } from '../setup/process.ts';
import { contentsOf, openShelf } from './release-shelf.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder('format');
});
afterAll(() => rm(folder, { recursive: true }));

test('a bundle that does not say its form is of the first', async () => {
  expect(await readFormat(folder)).toBe(1);
});

test('a bundle’s form is what it says', async () => {
  await writeFile(join(folder, formatFile), `{"version":${releaseFormat}}`);
  expect(await readFormat(folder)).toBe(releaseFormat);
});

test('a bundle of a later form is refused by name', async () => {
  await writeFile(join(folder, formatFile), `{"version":${releaseFormat + 1}}`);
  await expect(readFormat(folder)).rejects.toMatchObject({ code: 'FORMAT_NEWER' });
});

test('a stored release without that file is read as one of the first form', async () => {
  const shelf = await openShelf();
  const stored = await storeRelease(shelf.site, await contentsOf('one'));
  expect((await asReleased(shelf.site, stored)).releaseFormat).toBe(1);
  await shelf.close();
});
