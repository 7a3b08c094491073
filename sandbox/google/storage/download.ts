import type { World } from '../../world.ts';
import { type Call, GoogleError, type Reply } from '../http.ts';
import { readBytes } from './generations.ts';
import type { Generation } from './records.ts';
import { objectEtag } from './shown.ts';

/** The bytes of one generation, with the headers that clients check them against; or a range. */
export function download(world: World, bucket: string, found: Generation, call: Call): Reply {
  const bytes = readBytes(world, bucket, found.generation);
  const headers = headersOf(found);
  const range = rangeOf(call.headers.range, bytes.length);
  if (range === undefined) return { status: 200, raw: bytes, headers };
  const [start, end] = range;
  return {
    status: 206,
    raw: bytes.subarray(start, end + 1),
    headers: { ...headers, 'content-range': `bytes ${start}-${end}/${bytes.length}` },
  };
}

function headersOf(found: Generation): Record<string, string> {
  return {
    'content-type': found.contentType ?? 'application/octet-stream',
    etag: objectEtag(found),
    'last-modified': new Date(found.updated).toUTCString(),
    'accept-ranges': 'bytes',
    'x-goog-generation': String(found.generation),
    'x-goog-metageneration': String(found.metageneration),
    'x-goog-hash': `crc32c=${found.crc32c},md5=${found.md5Hash}`,
    'x-goog-storage-class': found.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': found.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(found.size),
    ...(found.contentEncoding === undefined ? {} : { 'content-encoding': found.contentEncoding }),
    ...(found.cacheControl === undefined ? {} : { 'cache-control': found.cacheControl }),
  };
}

function rangeOf(header: string | undefined, size: number): [number, number] | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return [start, end];
  throw new GoogleError('OUT_OF_RANGE', 'The requested range cannot be satisfied.', {
    code: 416,
    reason: 'requestedRangeNotSatisfiable',
  });
}
