import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { World } from '../../world.ts';
import { crc32cBase64 } from '../crc32c.ts';
import { type Call, GoogleError, invalid, ok, param, type Reply } from '../http.ts';
import { demand } from '../policies.ts';
import { bucketResource } from '../resource-names.ts';
import { findGeneration, writeObject } from './generations.ts';
import { splitRelated } from './multipart.ts';
import { checkPreconditions } from './preconditions.ts';
import { bucketNamed, ObjectFields } from './records.ts';
import { type Asked, shownObject } from './shown.ts';

/** The metadata part of an upload: fields, the name, and sums that the bytes must have. */
export const UploadFields = ObjectFields.extend({
  name: z.string().optional(),
  crc32c: z.string().optional(),
  md5Hash: z.string().optional(),
});
export type UploadFields = z.infer<typeof UploadFields>;

/** Where an upload goes; the preconditions are in its query. */
export interface Target {
  readonly bucket: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly fields: UploadFields;
  readonly asked: Asked;
}

/** `uploadType=media` and `uploadType=multipart`. */
export function uploadAtOnce(world: World, call: Call): Reply {
  const type = call.headers['content-type'];
  if (call.query.get('uploadType') !== 'multipart') {
    const fields = type === undefined ? {} : { contentType: type };
    return store(world, target(world, call, fields), call.raw);
  }
  const { metadata, media, mediaType } = splitRelated(type ?? '', call.raw);
  const fields = UploadFields.parse(metadata);
  return store(world, target(world, call, { contentType: mediaType, ...fields }), media);
}

/** The checked target of an upload: the bucket is there and the caller may write it. */
export function target(world: World, call: Call, fields: UploadFields): Target {
  const bucket = param(call, 'bucket');
  bucketNamed(world, bucket);
  const name = call.query.get('name') ?? fields.name;
  if (name === undefined || name === '') throw invalid('Required parameter: name');
  const resource = bucketResource(bucket);
  demand(world, call.caller, 'storage.objects.create', resource);
  if (findGeneration(world, bucket, name) !== undefined) {
    demand(world, call.caller, 'storage.objects.delete', resource);
  }
  return {
    bucket,
    name,
    query: call.query,
    fields,
    asked: { headers: { host: call.headers.host } },
  };
}

/** Writes the bytes if the preconditions and the sums hold. */
export function store(world: World, target: Target, bytes: Buffer): Reply {
  const { bucket, name, query, fields, asked } = target;
  bucketNamed(world, bucket);
  checkPreconditions(query, findGeneration(world, bucket, name), 'write');
  checkSum('CRC32C', fields.crc32c, crc32cBase64(bytes));
  checkSum('MD5 hash', fields.md5Hash, createHash('md5').update(bytes).digest('base64'));
  const written = writeObject(world, bucket, name, { bytes, fields: ObjectFields.parse(fields) });
  return ok(shownObject(asked, bucket, written));
}

function checkSum(kind: string, sent: string | undefined, actual: string): void {
  if (sent === undefined || sent === actual) return;
  throw new GoogleError(
    'INVALID_ARGUMENT',
    `Provided ${kind} "${sent}" doesn't match calculated ${kind} "${actual}".`,
    { reason: 'invalid' },
  );
}
