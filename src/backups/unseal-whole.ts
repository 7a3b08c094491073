import { createDecipheriv } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { damaged, fileKey, headBytes, tagBytes } from './sealed-format.ts';

/**
 * Decrypts a file of format 1, whose one tag stands at its end: the whole is verified before the
 * first byte comes out, which reads the file twice.
 */
export async function* unsealWhole(file: string, key: Buffer): AsyncGenerator<Buffer> {
  await pipeline(
    decrypted(file, key),
    new Writable({ write: (_bytes, _encoding, next) => next() }),
  );
  yield* decrypted(file, key);
}

async function* decrypted(file: string, key: Buffer): AsyncGenerator<Buffer> {
  try {
    const { size } = await stat(file);
    if (size < headBytes + tagBytes) throw new RangeError(`it has ${size} bytes`);
    const head = await readAt(file, 0, headBytes);
    const options = { authTagLength: tagBytes };
    const decipher = createDecipheriv('aes-256-gcm', ...fileKey(key, head), options);
    decipher.setAAD(head).setAuthTag(await readAt(file, size - tagBytes, tagBytes));
    const end = size - tagBytes - 1;
    if (end >= headBytes)
      for await (const chunk of createReadStream(file, { start: headBytes, end }))
        yield decipher.update(chunk);
    yield decipher.final();
  } catch (cause) {
    throw damaged(basename(file), cause);
  }
}

async function readAt(file: string, position: number, length: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(length);
    await handle.read(bytes, 0, length, position);
    return bytes;
  } finally {
    await handle.close();
  }
}
