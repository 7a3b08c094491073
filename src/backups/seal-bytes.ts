import { createCipheriv, createDecipheriv } from 'node:crypto';
import {
  damaged,
  fileKey,
  formatOf,
  headBytes,
  newHead,
  tagBytes,
  wholeFormat,
} from './sealed-format.ts';

/** Encrypts what fits into memory, in format 1: it is opened as a whole or not at all. */
export function sealBytes(plain: Buffer, key: Buffer): Buffer {
  const head = newHead(wholeFormat);
  const cipher = createCipheriv('aes-256-gcm', ...fileKey(key, head)).setAAD(head);
  return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts it; a Failure with `name` where a single bit of it or the key is wrong. */
export function unsealBytes(sealed: Buffer, key: Buffer, name: string): Buffer {
  const title = name.split('/').at(-1) ?? name;
  const head = sealed.subarray(0, headBytes);
  if (formatOf(head, title) !== wholeFormat) throw damaged(title, new TypeError('it is a dump'));
  try {
    const decipher = createDecipheriv('aes-256-gcm', ...fileKey(key, head), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(head).setAuthTag(sealed.subarray(-tagBytes));
    const text = sealed.subarray(headBytes, -tagBytes);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch (cause) {
    throw damaged(title, cause);
  }
}
