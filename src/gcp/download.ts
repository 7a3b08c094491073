import { Readable, Transform } from 'node:stream';
import { Failure } from '../failure.ts';
import type { GoogleAccess, Waiting } from './access.ts';
import { askGoogle } from './call.ts';
import { crc32c, crcText } from './crc32c.ts';
import { objectUrl } from './stored-object.ts';
import type { ObjectRef } from './stored-object.ts';

// A database's dump on a slow line.
const patienceMs = 15 * 60_000;

/**
 * The bytes of an object, as a stream that fails where they are not those that were stored (CRC32C).
 * By plain HTTP: an answer 429 or 503 to a download by Google's own client ends the whole process
 * (googleapis/google-cloud-node issue 8670).
 */
export async function download(
  access: GoogleAccess,
  { bucket, name, generation }: ObjectRef,
  waiting: Waiting,
): Promise<Readable> {
  const query = `?alt=media${generation ? `&generation=${generation}` : ''}`;
  const url = `${objectUrl(access, bucket, name)}${query}`;
  const asking = { action: `read ${bucket}/${name}`, url, patienceMs };
  const answer = await askGoogle(access, asking, waiting);
  const bytes = Readable.from(answer.body ?? []);
  const stored = /crc32c=([^,]+)/.exec(answer.headers.get('x-goog-hash') ?? '')?.[1];
  const checked = bytes.compose(verifying(`${bucket}/${name}`, stored));
  return Readable.from(checked);
}

function verifying(what: string, stored: string | undefined): Transform {
  let sum = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, pass) => {
      const bytes = Buffer.from(chunk);
      sum = crc32c(bytes, sum);
      pass(null, bytes);
    },
    flush: (end) => end(crcText(sum) === stored ? null : damaged(what)),
  });
}

function damaged(what: string): Failure {
  return new Failure({
    code: 'OBJECT_DAMAGED',
    what: `${what} arrived damaged`,
    why: 'Its CRC32C does not match the one in the bucket.',
    fix: 'No action needed: the download is retried.',
    class: 'retry',
  });
}
