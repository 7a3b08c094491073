import { z } from 'zod';
import type { File } from '@google-cloud/storage';
import type { GoogleAccess } from './access.ts';
import { storageOf } from './storage.ts';

/** Names an object, or one generation of it. */
export interface ObjectRef {
  readonly bucket: string;
  readonly name: string;
  readonly generation?: string;
}

/** What the bucket knows of one generation of an object; `size` in bytes. */
export interface StoredObject {
  readonly bucket: string;
  readonly name: string;
  readonly generation: string;
  /** How often its metadata was changed, and once for its making. */
  readonly metageneration: string;
  readonly size: number;
  readonly crc32c: string;
  readonly createdAt: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const Metadata = z.object({
  bucket: z.string(),
  name: z.string(),
  generation: z.union([z.string(), z.number()]).transform(String),
  metageneration: z.union([z.string(), z.number()]).default('1').transform(String),
  size: z.union([z.string(), z.number()]).transform(Number),
  crc32c: z.string(),
  timeCreated: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/** The object as the bucket describes it. */
export function storedObject(metadata: unknown): StoredObject {
  const { timeCreated, metadata: own, ...rest } = Metadata.parse(metadata);
  return { ...rest, createdAt: timeCreated, metadata: own ?? {} };
}

/** The address of an object. */
export function objectUrl(access: GoogleAccess, bucket: string, name: string): string {
  return `${bucketUrl(access, bucket)}/o/${encodeURIComponent(name)}`;
}

/** The address of a bucket. */
export function bucketUrl(access: GoogleAccess, bucket: string): string {
  return `${access.endpoints.storage}/storage/v1/b/${bucket}`;
}

/** Google's handle of an object, for a write; bound to a generation where the reference names one. */
export async function fileOf(access: GoogleAccess, ref: ObjectRef): Promise<File> {
  const bucket = (await storageOf(access)).bucket(ref.bucket);
  return bucket.file(ref.name, ref.generation ? { generation: ref.generation } : {});
}
