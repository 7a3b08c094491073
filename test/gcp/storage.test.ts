import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { removeObject, replaceObject } from '../../src/gcp/object-changes.ts';
import { putFileOnce, readToFile } from '../../src/gcp/object-files.ts';
import { listObjects, newestObject, putOnce, readObject } from '../../src/gcp/objects.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

const bucket = `${project}-releases`;
let door: GoogleDoor;
let folder = '';
beforeAll(async () => {
  door = await openGoogle();
  folder = await mkdtemp(join(tmpdir(), 'windlass-objects-'));
  await ensureBucket(door.access, bucket);
});
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a bucket', () => {
  test('is made versioned, uniform and never public, and only once', async () => {
    const name = `${project}-state`;
    const made = await ensureBucket(door.access, name);
    expect(made).toEqual({ name, created: true, changed: [] });
    const again = await ensureBucket(door.access, name);
    expect(again).toEqual({ name, created: false, changed: [] });
    expect(await door.call('GET', `/storage/v1/b/${name}`)).toMatchObject({
      location: 'US-CENTRAL1',
      versioning: { enabled: true },
      iamConfiguration: {
        uniformBucketLevelAccess: { enabled: true },
        publicAccessPrevention: 'enforced',
      },
    });
  });

  test('is mended in what somebody switched off', async () => {
    const name = `${project}-loose`;
    await door.call('POST', `/storage/v1/b?project=${project}`, { name });
    const mended = await ensureBucket(door.access, name);
    expect(mended.changed).toEqual(['versioning', 'uniform access', 'public access prevention']);
    expect((await ensureBucket(door.access, name)).changed).toEqual([]);
  });
});

describe('an object written once', () => {
  const ref = { bucket, name: 'releases/one.json' };
  const content = Buffer.from('{"release":1}');

  test('can be written again with the same content only, and reads back', async () => {
    const metadata = { run: 'deploy-1' };
    const first = await putOnce(door.access, ref, content, { metadata });
    expect(first).toMatchObject({ created: true, size: content.length, metadata });
    const second = await putOnce(door.access, ref, content);
    expect(second).toMatchObject({ created: false, generation: first.generation });
    const other = putOnce(door.access, ref, Buffer.from('{"release":2}'));
    await expect(other).rejects.toMatchObject({ code: 'OBJECT_DIFFERS', class: 'undo' });
    expect(await readObject(door.access, ref)).toEqual(content);
  });

  test('is created by exactly one of ten writers at once', async () => {
    const writers = Array.from({ length: 10 }, () =>
      putOnce(door.access, { bucket, name: 'releases/race.json' }, content),
    );
    const results = await Promise.all(writers);
    expect(results.filter((one) => one.created)).toHaveLength(1);
    expect(new Set(results.map((one) => one.generation)).size).toBe(1);
  });

  test('holds an empty content too', async () => {
    const empty = { bucket, name: 'empty' };
    await putOnce(door.access, empty, Buffer.alloc(0));
    expect(await readObject(door.access, empty)).toEqual(Buffer.alloc(0));
  });

  test('reads as nothing where there is none', async () => {
    expect(await readObject(door.access, { bucket, name: 'none' })).toBeUndefined();
    expect(await newestObject(door.access, bucket, 'none/')).toBeUndefined();
  });

  test('lists oldest first, the newest last', async () => {
    for (const name of ['backups/b', 'backups/a', 'backups/c'])
      await putOnce(door.access, { bucket, name }, Buffer.from(name));
    const listed = await listObjects(door.access, bucket, 'backups/');
    expect(listed.map(({ name }) => name)).toEqual(['backups/b', 'backups/a', 'backups/c']);
    expect((await newestObject(door.access, bucket, 'backups/'))?.name).toBe('backups/c');
  });

  test('streams from a file and back into one', async () => {
    const dump = join(folder, 'dump');
    await writeFile(dump, Buffer.alloc(3_000_000, 'windlass'));
    const at = { bucket, name: 'backups/dump' };
    expect((await putFileOnce(door.access, at, dump)).created).toBe(true);
    expect((await putFileOnce(door.access, at, dump)).created).toBe(false);
    await readToFile(door.access, at, join(folder, 'back'));
    expect((await readFile(join(folder, 'back'))).equals(await readFile(dump))).toBe(true);
    await writeFile(dump, 'other');
    const other = putFileOnce(door.access, at, dump);
    await expect(other).rejects.toMatchObject({ code: 'OBJECT_DIFFERS' });
  });
});

describe('an object that changes', () => {
  const ref = { bucket, name: 'ledger/head.json' };

  test('is replaced only at the generation that was read', async () => {
    const first = await replaceObject(door.access, { ...ref, generation: '0' }, Buffer.from('1'));
    const next = { ...ref, generation: first.generation };
    const second = await replaceObject(door.access, next, Buffer.from('2'));
    const stale = replaceObject(door.access, next, Buffer.from('3'));
    await expect(stale).rejects.toMatchObject({ code: 'OBJECT_MOVED' });
    expect(await readObject(door.access, ref)).toEqual(Buffer.from('2'));
    const old = await readObject(door.access, next);
    expect(old).toEqual(Buffer.from('1'));
    expect(second.generation).not.toBe(first.generation);
  });

  test('is removed only at the generation named, and removing nothing is a success', async () => {
    const lock = { bucket, name: '10-foundation/default.tflock' };
    const { generation } = await putOnce(door.access, lock, Buffer.from('{}'));
    const stranger = removeObject(door.access, { ...lock, generation: '1' });
    await expect(stranger).rejects.toMatchObject({ code: 'OBJECT_MOVED' });
    await removeObject(door.access, { ...lock, generation });
    await removeObject(door.access, { ...lock, generation });
    expect(await readObject(door.access, lock)).toBeUndefined();
  });
});

test('an aborted wait ends with the reason of the signal', async () => {
  const reason = new Error('the deploy was cancelled');
  const signal = AbortSignal.abort(reason);
  const reading = readObject(door.access, { bucket, name: 'empty' }, { signal });
  await expect(reading).rejects.toBe(reason);
});

test('a door that is shut is a failure that another try can mend', async () => {
  const shut = await openGoogle();
  await shut.close();
  const reading = readObject(shut.access, { bucket, name: 'empty' });
  await expect(reading).rejects.toMatchObject({ code: 'GOOGLE_UNREACHABLE', class: 'retry' });
});
