import type { Call } from '../http.ts';
import type { Bucket, Generation } from './records.ts';

/** What is needed of a call: its links name the door that was asked. */
export type Asked = Pick<Call, 'headers'>;

/** An object as the JSON API shows it. */
export function shownObject(
  asked: Asked,
  bucket: string,
  one: Generation,
): Record<string, unknown> {
  const door = doorOf(asked);
  const { generation, metageneration, size, ...rest } = one;
  const link = `/b/${bucket}/o/${encodeURIComponent(one.name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${one.name}/${generation}`,
    selfLink: `${door}/storage/v1${link}`,
    mediaLink: `${door}/download/storage/v1${link}?generation=${generation}&alt=media`,
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
export function shownBucket(
  asked: Asked,
  bucket: Bucket,
  projectNumber: string,
): Record<string, unknown> {
  const { project: _project, metageneration, ...rest } = bucket;
  return {
    kind: 'storage#bucket',
    id: bucket.name,
    selfLink: `${doorOf(asked)}/storage/v1/b/${bucket.name}`,
    ...rest,
    projectNumber,
    metageneration: String(metageneration),
    etag: bucketEtag(bucket),
  };
}

/** A bucket's etag: it changes with the metageneration. */
export function bucketEtag({ metageneration }: Bucket): string {
  return Buffer.from(`bucket/${metageneration}`).toString('base64');
}

const doorOf = ({ headers }: Asked): string => `http://${headers.host ?? '127.0.0.1'}`;
