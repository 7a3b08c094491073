import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { GoogleAccess, Waiting } from './access.ts';
import { crc32c, crcText } from './crc32c.ts';
import { download } from './download.ts';
import { expectStored, uploadMetadata, wasWritten } from './objects.ts';
import type { Writing } from './objects.ts';
import { done } from './official.ts';
import { storageOf } from './storage.ts';
import type { ObjectRef, StoredObject } from './stored-object.ts';

/** Streams a file into an object that must never change; the same content there is a success. */
export async function putFileOnce(
  access: GoogleAccess,
  ref: ObjectRef,
  path: string,
  options: Writing = {},
): Promise<StoredObject & { readonly created: boolean }> {
  const storage = await storageOf(access);
  const uploading = storage.bucket(ref.bucket).upload(path, {
    destination: ref.name,
    resumable: false,
    preconditionOpts: { ifGenerationMatch: 0 },
    ...uploadMetadata(options),
  });
  const deed = { action: `write ${ref.bucket}/${ref.name}`, mutating: true };
  const created = await wasWritten(done(deed, uploading, options));
  const stored = await expectStored(access, ref, await summed(path));
  return { ...stored, created };
}

/** Streams an object into a file, checked against its CRC32C; a missing object is a Failure. */
export async function readToFile(
  access: GoogleAccess,
  ref: ObjectRef,
  path: string,
  waiting: Waiting = {},
): Promise<void> {
  const action = `read ${ref.bucket}/${ref.name}`;
  const reading = download(access, ref, waiting);
  const writing = reading.then((bytes) => pipeline(bytes, createWriteStream(path)));
  await done({ action }, writing, waiting);
}

async function summed(path: string): Promise<{ readonly size: number; readonly crc32c: string }> {
  let [size, sum] = [0, 0];
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    sum = crc32c(bytes, sum);
  }
  return { size, crc32c: crcText(sum) };
}
