import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { crc32c, crcText } from './crc32c.ts';
import { download } from './download.ts';
import { listGoogle } from './list.ts';
import { done } from './official.ts';
import { unlessMissing } from './refusal.ts';
import { bucketUrl, fileOf, objectUrl, storedObject } from './stored-object.ts';
import type { ObjectRef, StoredObject } from './stored-object.ts';

/** How an object is written. */
export interface Writing extends Waiting {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes an object that must never change; the same content there already is a success. */
export async function putOnce(
  access: GoogleAccess,
  ref: ObjectRef,
  content: Buffer,
  options: Writing = {},
): Promise<StoredObject & { readonly created: boolean }> {
  const file = await fileOf(access, { bucket: ref.bucket, name: ref.name });
  const saving = file.save(content, {
    resumable: false,
    preconditionOpts: { ifGenerationMatch: 0 },
    ...uploadMetadata(options),
  });
  const deed = { action: `write ${ref.bucket}/${ref.name}`, mutating: true };
  const created = await wasWritten(done(deed, saving, options));
  const wanted = { size: content.length, crc32c: crcText(crc32c(content)) };
  const stored = await expectStored(access, ref, wanted);
  return { ...stored, created };
}

/** Reads an object, checked against its CRC32C; undefined where there is none. */
export async function readObject(
  access: GoogleAccess,
  ref: ObjectRef,
  waiting: Waiting = {},
): Promise<Buffer | undefined> {
  const action = `read ${ref.bucket}/${ref.name}`;
  const reading = download(access, ref, waiting).then((bytes) => buffer(bytes));
  return unlessMissing(done({ action }, reading, waiting));
}

/** What the bucket knows of an object; undefined where there is none. */
export async function statObject(
  access: GoogleAccess,
  ref: ObjectRef,
  waiting: Waiting = {},
): Promise<StoredObject | undefined> {
  const { bucket, name, generation } = ref;
  const query = generation ? `?generation=${generation}` : '';
  const url = `${objectUrl(access, bucket, name)}${query}`;
  const call = { action: `look at ${bucket}/${name}`, url, answer: Stored };
  return unlessMissing(callGoogle(access, call, waiting));
}

/** The objects below a prefix, oldest first. */
export async function listObjects(
  access: GoogleAccess,
  bucket: string,
  prefix: string,
  waiting: Waiting = {},
): Promise<readonly StoredObject[]> {
  const query = new URLSearchParams({ prefix });
  const url = `${bucketUrl(access, bucket)}/o?${query.toString()}`;
  const listing = { action: `list ${bucket}/${prefix}`, url, of: 'items', read: storedObject };
  return [...(await listGoogle(access, listing, waiting))].sort(byAge);
}

const Stored = z.unknown().transform(storedObject);

/** The newest object below a prefix; undefined where there is none. */
export async function newestObject(
  access: GoogleAccess,
  bucket: string,
  prefix: string,
  waiting: Waiting = {},
): Promise<StoredObject | undefined> {
  return (await listObjects(access, bucket, prefix, waiting)).at(-1);
}

/** The upload options that carry content type and own metadata. */
export function uploadMetadata({ contentType, metadata }: Writing) {
  return {
    metadata: { ...(contentType ? { contentType } : {}), ...(metadata ? { metadata } : {}) },
  };
}

/** True after a write, false where the write-once precondition says that something is there. */
export async function wasWritten(writing: Promise<unknown>): Promise<boolean> {
  try {
    await writing;
    return true;
  } catch (error) {
    if (error instanceof Failure && error.code === 'GOOGLE_MOVED') return false;
    throw error;
  }
}

/** The stored object, when its size and CRC32C are those of our content; else OBJECT_DIFFERS. */
export async function expectStored(
  access: GoogleAccess,
  ref: ObjectRef,
  content: { readonly size: number; readonly crc32c: string },
): Promise<StoredObject> {
  const stored = await statObject(access, { bucket: ref.bucket, name: ref.name });
  if (stored?.size === content.size && stored.crc32c === content.crc32c) return stored;
  throw new Failure({
    code: 'OBJECT_DIFFERS',
    what: `${ref.bucket}/${ref.name} does not contain what was written`,
    why: stored
      ? `It holds ${stored.size} bytes with checksum ${stored.crc32c}, ours are ${content.size} bytes with ${content.crc32c}.`
      : 'It was removed right after it was written.',
    fix: 'This object is written once and never changed: find out who wrote it before you continue.',
  });
}

function byAge(a: StoredObject, b: StoredObject): number {
  return a.createdAt.localeCompare(b.createdAt) || a.name.localeCompare(b.name);
}
