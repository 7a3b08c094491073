import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { CRC32C } from '@google-cloud/storage';
import type { GoogleAccess, Waiting } from './access.ts';
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
  const uploading = storageOf(access)
    .bucket(ref.bucket)
    .upload(path, {
      destination: ref.name,
      resumable: false,
      preconditionOpts: { ifGenerationMatch: 0 },
      ...uploadMetadata(options),
    });
  const deed = { action: `write ${ref.bucket}/${ref.name}`, mutating: true };
  const created = await wasWritten(done(deed, uploading, options));
  const [{ size }, crc32c] = await Promise.all([stat(path), CRC32C.fromFile(path)]);
  const stored = await expectStored(access, ref, { size, crc32c: crc32c.toString() });
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
