import { createCipheriv } from 'node:crypto';
import { chunkNonce } from './chunk-nonce.ts';
import { inChunks } from './in-chunks.ts';
import { chunkBytes, chunkedFormat, chunkedKey, newHead } from './sealed-format.ts';

/**
 * Encrypts a stream under a key of its own, derived from `key` (32 bytes) and a random salt, as
 * STREAM does (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: each chunk is
 * authenticated with its place and with whether it is the last.
 */
export async function* seal(plain: AsyncIterable<Buffer>, key: Buffer): AsyncGenerator<Buffer> {
  const head = newHead(chunkedFormat);
  const [fileKey, prefix] = chunkedKey(key, head);
  const sealChunk = (chunk: Buffer, index: number, last: boolean): Buffer => {
    const nonce = chunkNonce(prefix, index, last);
    const cipher = createCipheriv('aes-256-gcm', fileKey, nonce).setAAD(head);
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
  };
  yield head;
  let index = 0;
  for await (const { chunk, last } of inChunks(plain, chunkBytes)) {
    yield sealChunk(chunk, index, last);
    index += 1;
  }
}
