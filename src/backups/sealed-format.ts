import { hkdfSync, randomBytes } from 'node:crypto';
import { Failure } from '../failure.ts';

// A sealed file begins with these words, its format's number, a line's end and a salt.
const words = Buffer.from('windlass sealed ');
const saltBytes = 16;
export const headBytes = words.length + 2 + saltBytes;
export const tagBytes = 16;

/** The newest format that this Windlass can read. */
const newest = 2;

/** Format 1: one ciphertext, and behind it the tag that vouches for all of it. */
export const wholeFormat = 1;
/** Format 2: chunks that each have their tag, so that what comes out of a pipe is verified. */
export const chunkedFormat = 2;

/** Plain bytes of every chunk but the last. */
export const chunkBytes = 256 * 1024;

/** The first bytes of a new sealed file. */
export function newHead(format: number): Buffer {
  return Buffer.concat([words, Buffer.from(`${format}\n`), randomBytes(saltBytes)]);
}

/** The format of a sealed file by its head; a Failure where it is newer than what we know. */
export function formatOf(head: Buffer, name: string): number {
  const said = head.subarray(words.length, head.indexOf('\n')).toString('latin1');
  if (!head.subarray(0, words.length).equals(words) || !/^[1-9]\d{0,4}$/.test(said))
    throw damaged(name, new TypeError('it is no sealed file'));
  if (Number(said) > newest) throw tooNew(name, said);
  if (head.length < headBytes) throw damaged(name, new RangeError(`it has ${head.length} bytes`));
  return Number(said);
}

/** Key and nonce of one file in format 1; the salt in its head makes them unique. */
export function fileKey(key: Buffer, head: Buffer): readonly [Buffer, Buffer] {
  const bytes = Buffer.from(hkdfSync('sha256', key, saltOf(head), 'backup', 44));
  return [bytes.subarray(0, 32), bytes.subarray(32)];
}

/** Key of one file in format 2, and how the nonces of its chunks begin (7 of 12 bytes). */
export function chunkedKey(key: Buffer, head: Buffer): readonly [Buffer, Buffer] {
  const bytes = Buffer.from(hkdfSync('sha256', key, saltOf(head), 'backup in chunks', 39));
  return [bytes.subarray(0, 32), bytes.subarray(32)];
}

/** The Failure for what cannot be decrypted: a bit of it or the key is wrong. */
export function damaged(name: string, cause: unknown): Failure {
  return new Failure({
    code: 'BACKUP_DAMAGED',
    what: 'The backup cannot be decrypted',
    why: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'Take another backup: `windlass backups -e ENVIRONMENT` lists them.',
    cause,
  });
}

function saltOf(head: Buffer): Buffer {
  return head.subarray(-saltBytes);
}

function tooNew(name: string, format: string): Failure {
  return new Failure({
    code: 'BACKUP_TOO_NEW',
    what: 'The backup was made by a newer Windlass',
    why: `${name} is sealed in format ${format}; this Windlass reads formats 1 to ${newest}`,
    fix: 'Run the command with the Windlass that made the backup, or a newer one.',
  });
}
