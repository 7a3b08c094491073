import { hkdfSync } from 'node:crypto';
import { Failure } from '../failure.ts';

// A sealed file: these words, a salt, the ciphertext, the tag that vouches for all of it.
export const words = Buffer.from('windlass sealed 1\n');
export const saltBytes = 16;
export const tagBytes = 16;
export const headBytes = words.length + saltBytes;

/** Key and nonce of one file; the salt in its head makes them unique. */
export function fileKey(key: Buffer, head: Buffer): readonly [Buffer, Buffer] {
  const bytes = Buffer.from(hkdfSync('sha256', key, head.subarray(words.length), 'backup', 44));
  return [bytes.subarray(0, 32), bytes.subarray(32)];
}

/** The Failure for what cannot be decrypted: a bit of it or the key is wrong. */
export function damaged(name: string, cause: unknown): Failure {
  return new Failure({
    code: 'BACKUP_DAMAGED',
    what: 'The backup cannot be decrypted',
    why: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'Take another backup: `windlass backups` lists them.',
    cause,
  });
}
