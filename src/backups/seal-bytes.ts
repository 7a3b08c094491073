import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { damaged, fileKey, headBytes, saltBytes, tagBytes, words } from './sealed-format.ts';

/** Encrypts what fits into memory, in the form of `sealFile`. */
export function sealBytes(plain: Buffer, key: Buffer): Buffer {
  const head = Buffer.concat([words, randomBytes(saltBytes)]);
  const cipher = createCipheriv('aes-256-gcm', ...fileKey(key, head)).setAAD(head);
  return Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Decrypts it; a Failure with `name` where a single bit of it or the key is wrong. */
export function unsealBytes(sealed: Buffer, key: Buffer, name: string): Buffer {
  try {
    const head = sealed.subarray(0, headBytes);
    if (!head.subarray(0, words.length).equals(words)) throw new TypeError('it is not sealed');
    const decipher = createDecipheriv('aes-256-gcm', ...fileKey(key, head), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(head).setAuthTag(sealed.subarray(-tagBytes));
    const text = sealed.subarray(headBytes, -tagBytes);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch (cause) {
    throw damaged(name.split('/').at(-1) ?? name, cause);
  }
}
