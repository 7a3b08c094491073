import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { damaged, fileKey, headBytes, saltBytes, tagBytes, words } from './sealed-format.ts';

/**
 * Encrypts a file with AES-256-GCM under a key of its own, derived from `key` (32 bytes) and a
 * random salt, without holding it in memory. GCM is good for 64 GiB a file.
 */
export async function sealFile(plain: string, sealed: string, key: Buffer): Promise<void> {
  const head = Buffer.concat([words, randomBytes(saltBytes)]);
  const cipher = createCipheriv('aes-256-gcm', ...fileKey(key, head)).setAAD(head);
  await pipeline(
    createReadStream(plain),
    async function* encrypt(chunks: AsyncIterable<Buffer>) {
      yield head;
      for await (const chunk of chunks) yield cipher.update(chunk);
      yield cipher.final();
      yield cipher.getAuthTag();
    },
    createWriteStream(sealed, { mode: 0o600 }),
  );
}

/** Decrypts a sealed file; a Failure, and no file, where a single bit of it or the key is wrong. */
export async function unsealFile(sealed: string, plain: string, key: Buffer): Promise<void> {
  const part = `${plain}.part`;
  try {
    const { head, tag, end } = await readFrame(sealed);
    const decipher = createDecipheriv('aes-256-gcm', ...fileKey(key, head), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(head).setAuthTag(tag);
    await pipeline(
      createReadStream(sealed, { start: headBytes, end }),
      decipher,
      createWriteStream(part, { mode: 0o600 }),
    );
    await rename(part, plain);
  } catch (cause) {
    await rm(part, { force: true });
    throw damaged(basename(sealed), cause);
  }
}

async function readFrame(sealed: string) {
  const { size } = await stat(sealed);
  if (size <= headBytes + tagBytes) throw new RangeError(`it has ${size} bytes`);
  const file = await open(sealed);
  try {
    const [head, tag] = [Buffer.alloc(headBytes), Buffer.alloc(tagBytes)];
    await file.read(head, 0, headBytes, 0);
    await file.read(tag, 0, tagBytes, size - tagBytes);
    if (!head.subarray(0, words.length).equals(words)) throw new TypeError('it is no sealed file');
    return { head, tag, end: size - tagBytes - 1 };
  } finally {
    await file.close();
  }
}
