import { createDecipheriv } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { chunkNonce } from './chunk-nonce.ts';
import { inChunks } from './in-chunks.ts';
import {
  chunkBytes,
  chunkedKey,
  damaged,
  formatOf,
  headBytes,
  tagBytes,
  wholeFormat,
} from './sealed-format.ts';
import { unsealWhole } from './unseal-whole.ts';

/**
 * Decrypts a sealed file as a stream that never gives a byte which is not authenticated; it ends
 * with a Failure where a bit of the file, its length or the key is wrong, or its format unknown.
 */
export async function* unseal(file: string, key: Buffer): AsyncGenerator<Buffer> {
  const name = basename(file);
  const head = await readHead(file);
  if (formatOf(head, name) === wholeFormat) {
    yield* unsealWhole(file, key);
    return;
  }
  const chunks = createReadStream(file, { start: headBytes, highWaterMark: chunkBytes });
  yield* unsealChunks(chunks, { head, key, name });
}

interface Sealing {
  readonly head: Buffer;
  readonly key: Buffer;
  readonly name: string;
}

async function* unsealChunks(
  sealed: AsyncIterable<Buffer>,
  { head, key, name }: Sealing,
): AsyncGenerator<Buffer> {
  const [fileKey, prefix] = chunkedKey(key, head);
  let index = 0;
  for await (const { chunk, last } of inChunks(sealed, chunkBytes + tagBytes)) {
    yield openChunk(chunk, { fileKey, nonce: chunkNonce(prefix, index, last), head, name });
    index += 1;
  }
}

interface Opening {
  readonly fileKey: Buffer;
  readonly nonce: Buffer;
  readonly head: Buffer;
  readonly name: string;
}

function openChunk(chunk: Buffer, { fileKey, nonce, head, name }: Opening): Buffer {
  try {
    if (chunk.length < tagBytes) throw new RangeError('its end is missing');
    const options = { authTagLength: tagBytes };
    const decipher = createDecipheriv('aes-256-gcm', fileKey, nonce, options).setAAD(head);
    decipher.setAuthTag(chunk.subarray(-tagBytes));
    return Buffer.concat([decipher.update(chunk.subarray(0, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw damaged(name, cause);
  }
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
