import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { GoogleError } from '../http.ts';

/** A bucket: what the client said plus the server's own fields. */
export const Bucket = z.looseObject({
  name: z.string(),
  project: z.string(),
  metageneration: z.number(),
  timeCreated: z.string(),
  updated: z.string(),
  versioning: z.object({ enabled: z.boolean().optional() }).optional(),
  iamConfiguration: z.looseObject({ publicAccessPrevention: z.string().optional() }).optional(),
});
export type Bucket = z.infer<typeof Bucket>;

/** What a client may say about an object. */
export const ObjectFields = z.object({
  contentType: z.string().optional(),
  contentEncoding: z.string().optional(),
  contentDisposition: z.string().optional(),
  contentLanguage: z.string().optional(),
  cacheControl: z.string().optional(),
  customTime: z.string().optional(),
  storageClass: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});
export type ObjectFields = z.infer<typeof ObjectFields>;

/** One generation of an object; its bytes lie in a file of their own. */
export const Generation = ObjectFields.extend({
  name: z.string(),
  generation: z.number(),
  metageneration: z.number(),
  size: z.number(),
  crc32c: z.string(),
  md5Hash: z.string(),
  timeCreated: z.string(),
  updated: z.string(),
  timeDeleted: z.string().optional(),
});
export type Generation = z.infer<typeof Generation>;

/** An object's live generation, if any, and its noncurrent ones, oldest first. */
export const Stored = z.object({
  live: Generation.optional(),
  noncurrent: z.array(Generation),
});
export type Stored = z.infer<typeof Stored>;

/** Every bucket, by name. */
export function buckets(world: World): Collection<Bucket> {
  return world.collection('buckets', Bucket);
}

/** The objects of one bucket, by object name. */
export function objects(world: World, bucket: string): Collection<Stored> {
  return world.collection(`objects-${bucket}`, Stored);
}

/** The bucket, or 404 in Google's words. */
export function bucketNamed(world: World, name: string): Bucket {
  const bucket = buckets(world).get(name);
  if (bucket === undefined) throw storageNotFound('The specified bucket does not exist.');
  return bucket;
}

/** 404 with the reason that storage clients look for. */
export function storageNotFound(message: string): GoogleError {
  return new GoogleError('NOT_FOUND', message, { reason: 'notFound' });
}
