import type { Bucket, Generation } from './records.ts';

/** An object as the JSON API shows it. */
export function shownObject(bucket: string, one: Generation): Record<string, unknown> {
  const { generation, metageneration, size, ...rest } = one;
  const link = `/b/${bucket}/o/${encodeURIComponent(one.name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${one.name}/${generation}`,
    selfLink: `https://www.googleapis.com/storage/v1${link}`,
    mediaLink: `https://storage.googleapis.com/download/storage/v1${link}?generation=${generation}&alt=media`,
    bucket,
    ...rest,
    generation: String(generation),
    metageneration: String(metageneration),
    size: String(size),
    etag: objectEtag(one),
    timeStorageClassUpdated: one.timeCreated,
  };
}

/** An object's etag: it changes with the generation and the metageneration. */
export function objectEtag(one: Generation): string {
  return Buffer.from(`${one.generation}/${one.metageneration}`).toString('base64');
}

/** A bucket as the JSON API shows it. */
export function shownBucket(bucket: Bucket, projectNumber: string): Record<string, unknown> {
  const { project: _project, metageneration, ...rest } = bucket;
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `https://www.googleapis.com/storage/v1/b/${bucket.name}`,
    ...rest,
    projectNumber,
    metageneration: String(metageneration),
    etag: Buffer.from(`bucket/${metageneration}`).toString('base64'),
  };
}
