import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseRef } from '../../src/deploy.ts';
import { packImage } from '../../src/images/layout.ts';
import { bringOver } from '../../src/recovery/bring-over.ts';
import { packFiles, sha256 } from '../../src/releases/archive.ts';
import { asReleased, releasedConfig } from '../../src/releases/as-released.ts';
import type { Contents } from '../../src/releases/contents.ts';
import { mendRelease } from '../../src/releases/mend-release.ts';
import { releaseFolder } from '../../src/releases/release-folder.ts';
import { releasedImages } from '../../src/releases/released-images.ts';
import { storedImage } from '../../src/releases/stored-image.ts';
import {
  findRelease,
  listReleases,
  sameRelease,
  storeRelease,
  treeOf,
} from '../../src/releases/store.ts';
import { imageObject } from '../../src/releases/image-object.ts';
import { missingImages } from '../../src/stacks/missing-images.ts';
import { contentsOf, openShelf } from './release-shelf.ts';
import type { Shelf } from './release-shelf.ts';

let shelf: Shelf;
let counter = 0;

beforeAll(async () => {
  shelf = await openShelf();
});

afterAll(() => shelf.close());

/** A stored release of its own, whose bundle a test may damage. */
async function stored(): Promise<{ contents: Contents; release: ReleaseRef }> {
  counter += 1;
  const contents = await contentsOf(`tree ${counter}`);
  return { contents, release: await storeRelease(shelf.site, contents) };
}

async function replaced(
  change: (files: Map<string, Buffer>) => void,
): Promise<{ contents: Contents; release: ReleaseRef }> {
  const { contents, release } = await stored();
  const files = new Map(contents.files);
  change(files);
  await shelf.meddle(release.object, await packFiles(files));
  // As whoever reads it by its id alone: the digest is that of what lies there now.
  return { contents, release: await findRelease(shelf.site, release.id) };
}

const damages: readonly (readonly [string, (files: Map<string, Buffer>) => void])[] = [
  ['a changed file', (files) => files.set('images.json', Buffer.from('{"users":"evil"}'))],
  ['a file more', (files) => files.set('infra/stacks/20-services/more.tf', Buffer.from('# hi'))],
  ['a hidden file more', (files) => files.set('infra/.terraformrc', Buffer.from('# hi'))],
  ['a file less', (files) => files.delete('images.json')],
  [
    'nothing in it but its configuration',
    (files) => {
      for (const path of files.keys()) if (path !== 'windlass.json') files.delete(path);
    },
  ],
];

describe.each(damages)('a bundle with %s', (_name, change) => {
  it('is refused by everything that reads it', async () => {
    const { release } = await replaced(change);
    const { site } = shelf;
    const home = await mkdtemp(join(tmpdir(), 'windlass-damaged-'));
    const readers: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['asReleased', () => asReleased(site, release)],
      ['releasedConfig', () => releasedConfig(site, release)],
      ['releasedImages', () => releasedImages(site, release)],
      ['releaseFolder', () => releaseFolder({ ...site, home }, 'run', release)],
      ['missingImages', () => missingImages(site, release)],
    ];
    for (const [name, read] of readers)
      await expect(read(), name).rejects.toMatchObject({
        code: 'RELEASE_DAMAGED',
        class: 'undo',
        fix: expect.stringContaining(`windlass releases repair ${release.id}`),
      });
    await rm(home, { recursive: true, force: true });
  });
});

describe('a damaged bundle', () => {
  it('is no archive at all: it is refused in our words', async () => {
    const { release } = await stored();
    await shelf.meddle(release.object, 'no tar');
    const found = await findRelease(shelf.site, release.id);
    await expect(releasedConfig(shelf.site, found)).rejects.toMatchObject({
      code: 'RELEASE_DAMAGED',
    });
  });

  it('holds a link: it is refused, for a link leads where no id reaches', async () => {
    const { release } = await stored();
    const folder = await mkdtemp(join(tmpdir(), 'windlass-linked-'));
    await writeFile(join(folder, 'windlass.json'), '{}');
    await symlink('/etc/passwd', join(folder, 'link'));
    const file = join(folder, 'bundle.tar');
    await create({ file, cwd: folder }, ['windlass.json', 'link']);
    await shelf.meddle(release.object, await readFile(file));
    await rm(folder, { recursive: true, force: true });
    const found = await findRelease(shelf.site, release.id);
    await expect(releasedConfig(shelf.site, found)).rejects.toMatchObject({
      why: expect.stringContaining('SymbolicLink'),
    });
  });

  it('is refused where its caller saw other bytes, however right they are now', async () => {
    const { release } = await stored();
    expect(sameRelease(shelf.site, release, release.sha256)).toEqual(release);
    expect(sameRelease(shelf.site, release, undefined)).toEqual(release);
    expect(() => sameRelease(shelf.site, release, 'f'.repeat(64))).toThrow(/does not match its id/);
  });

  it('is not stored over: who has the right tree is told how to mend it', async () => {
    const { contents, release } = await replaced((files) => files.delete('images.json'));
    await expect(storeRelease(shelf.site, contents)).rejects.toMatchObject({
      code: 'RELEASE_DAMAGED',
    });
    expect(await mendRelease(shelf.site, release.id, undefined)).toContain(
      `${release.object}: from an older generation`,
    );
    expect((await storeRelease(shelf.site, contents)).id).toBe(release.id);
  });
});

describe('mending a release', () => {
  it('takes the tree where the bucket has no right generation, and keeps its ledger’s digest', async () => {
    const contents = await contentsOf('only here');
    const { id, object, sha256: digest } = await storeRelease(shelf.site, contents);
    const twin = await openShelf(); // a bucket that never had the right bytes
    await twin.meddle(object, 'no tar');
    await expect(mendRelease(twin.site, id, undefined)).rejects.toMatchObject({
      code: 'RELEASE_LOST',
    });
    await expect(mendRelease(twin.site, id, await contentsOf('another'))).rejects.toMatchObject({
      why: expect.stringMatching(/this tree makes r-[0-9a-f]{12}/),
    });
    expect((await mendRelease(twin.site, id, contents))[0]).toBe(`${object}: from this tree`);
    expect((await findRelease(twin.site, id)).sha256).toBe(digest);
    await twin.close();
  });

  it('leaves what is whole, and keeps what a release was made from', async () => {
    const contents = await contentsOf('with facts');
    const tree = { commit: 'a'.repeat(40), branch: 'main', dirty: false };
    const release = await storeRelease(shelf.site, contents, tree);
    expect((await mendRelease(shelf.site, release.id, undefined))[0]).toMatch(/: whole$/);
    await shelf.meddle(release.object, 'no tar');
    expect(await treeOf(shelf.site, release.id)).toBeUndefined();
    await mendRelease(shelf.site, release.id, undefined);
    expect(await treeOf(shelf.site, release.id)).toEqual(tree);
    const listed = (await listReleases(shelf.site)).find(({ id }) => id === release.id);
    expect(listed?.tree).toEqual(tree);
  });
});

describe('a stored image that is another', () => {
  it('is refused by all that would run it, and mended', async () => {
    const { contents, release } = await stored();
    const [digest = ''] = Object.values(contents.images);
    const name = imageObject(digest);
    const other = (await contentsOf('another image')).built['users'];
    await shelf.meddle(name, other ? packImage(other) : '');
    for (const read of [
      () => storedImage(shelf.site, digest),
      () => missingImages(shelf.site, release),
      () => bringOver(shelf.site, shelf.site, recoveryOf(release)),
    ])
      await expect(read()).rejects.toMatchObject({ code: 'IMAGE_DAMAGED' });
    expect(await mendRelease(shelf.site, release.id, undefined)).toContain(
      `${name}: from an older generation`,
    );
    expect((await storedImage(shelf.site, digest))?.digest).toBe(digest);
  });
});

it('packs the same files to the same bytes, which is what a digest of a bundle is worth', async () => {
  const { files } = await contentsOf('twice');
  const [one, two] = [await packFiles(files), await packFiles(new Map([...files].toReversed()))];
  expect(sha256(one)).toBe(sha256(two));
});

function recoveryOf(release: ReleaseRef) {
  return { source: 'other', release, database: 'keep', backup: null, at: null } as const;
}
