import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBucket } from '../../src/gcp/buckets.ts';
import { replaceObject } from '../../src/gcp/object-changes.ts';
import { putFileOnce, readToFile } from '../../src/gcp/object-files.ts';
import { putOnce, readObject } from '../../src/gcp/objects.ts';
import { openGoogle, project } from './google-door.ts';
import type { GoogleDoor } from './google-door.ts';

// Google's own client lets an answer 503 to a streamed download end the whole process.
const bucket = `${project}-releases`;
const content = Buffer.from('the content');
const faults = '/_sandbox/faults/http';
let door: GoogleDoor;
let folder = '';

beforeAll(async () => {
  door = await openGoogle();
  folder = await mkdtemp(join(tmpdir(), 'windlass-busy-'));
  await ensureBucket(door.access, bucket);
  await putOnce(door.access, { bucket, name: 'one' }, content);
  await writeFile(join(folder, 'content'), content);
});
beforeEach(() => door.call('DELETE', '/_sandbox/faults'));
afterAll(async () => {
  await door.close();
  await rm(folder, { recursive: true, force: true });
});

const busy = (method: string, pathPattern: string, times: number) =>
  door.call('PUT', faults, { method, pathPattern, status: 503, times });

test.each([1, 2])('a read that is answered 503 %i times is read in the end', async (times) => {
  await busy('GET', 'one', times);
  expect(await readObject(door.access, { bucket, name: 'one' })).toEqual(content);
});

test('a read into a file is sent again too, and leaves the content alone', async () => {
  await busy('GET', 'one', 2);
  const path = join(folder, 'read');
  await readToFile(door.access, { bucket, name: 'one' }, path);
  expect(await readFile(path)).toEqual(content);
});

test('a read that never succeeds is a failure that another try can mend', async () => {
  await busy('GET', 'one', 100);
  const reading = readObject(door.access, { bucket, name: 'one' });
  await expect(reading).rejects.toMatchObject({ class: 'retry' });
});

test.each([
  ['once', () => putOnce(door.access, { bucket, name: 'two' }, content)],
  [
    'from a file',
    () => putFileOnce(door.access, { bucket, name: 'three' }, join(folder, 'content')),
  ],
  [
    'over another',
    () => replaceObject(door.access, { bucket, name: 'four', generation: '0' }, content),
  ],
] as const)(
  'a write %s that is answered 503 is a failure, and succeeds the next time',
  async (_how, write) => {
    await busy('POST', '/upload/', 1);
    await expect(write()).rejects.toMatchObject({ code: 'GOOGLE_UNAVAILABLE' });
    await write();
  },
);
