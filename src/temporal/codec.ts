import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { Failure } from '../failure.ts';
import type { RefusedCode } from '../refused-payload.ts';

const encoding = 'binary/encrypted';
const nonceBytes = 12; // the nonce that NIST SP 800-38D advises for GCM
const tagBytes = 16;

/**
 * How payloads travel: in clear, or encrypted with the first key in WINDLASS_CODEC_KEY_FILE (32 bytes,
 * base64, one a line); the others still read what they sealed. A `worker` believes no payload that is
 * not encrypted, unless WINDLASS_CODEC_PLAINTEXT=accept; a client shows it. The sandbox sets no key.
 */
export async function dataConverter(who: 'client' | 'worker' = 'client'): Promise<DataConverter> {
  const file = process.env['WINDLASS_CODEC_KEY_FILE'];
  if (file === undefined) return {};
  const lines = (await readFile(file, 'utf8')).split(/\s+/).filter((line) => line !== '');
  const keys = (lines.length === 0 ? [''] : lines).map((line) => Buffer.from(line, 'base64'));
  for (const key of keys) if (key.length !== 32) throw invalidKey(file, key);
  const strict = who === 'worker' && process.env['WINDLASS_CODEC_PLAINTEXT'] !== 'accept';
  return { payloadCodecs: [aesGcm(keys, strict)] };
}

/**
 * Encrypts every payload with AES-256-GCM by the first key; the key's id travels along, so that keys
 * can rotate. A `strict` one gives a refused payload in the place of one that is not encrypted.
 */
export function aesGcm(keys: readonly Buffer[], strict: boolean): PayloadCodec {
  const known = new Map(keys.map((key) => [idOf(key), key]));
  const [first] = known;
  if (!first) throw new TypeError('a codec needs a key');
  const [id, key] = first;
  return {
    encode: async (payloads) => payloads.map((payload) => seal(payload, key, id)),
    decode: async (payloads) => payloads.map((payload) => open(payload, known, strict)),
  };
}

function idOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

function seal(payload: Payload, key: Buffer, id: string): Payload {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const metadata = Object.fromEntries(
    Object.entries(payload.metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  );
  const clear = JSON.stringify({ metadata, data: base64(payload.data ?? new Uint8Array()) });
  const sealed = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return {
    metadata: { encoding: bytes(encoding), 'encryption-key-id': bytes(id) },
    data: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
  };
}

function open(payload: Payload, known: ReadonlyMap<string, Buffer>, strict: boolean): Payload {
  const { metadata, data } = payload;
  if (text(metadata?.['encoding']) !== encoding || !data)
    return strict ? refused('PAYLOAD_NOT_ENCRYPTED') : payload;
  const sealedWith = text(metadata?.['encryption-key-id']);
  const key = known.get(sealedWith);
  // The worker has not all the keys: it waits for them, for what it cannot read may well be true.
  if (!key)
    throw unreadable(
      `it is sealed with the key ${sealedWith}, and WINDLASS_CODEC_KEY_FILE holds ${[...known.keys()].join(', ')}`,
    );
  try {
    return unsealed(Buffer.from(data), key);
  } catch (error) {
    if (strict) return refused('PAYLOAD_UNREADABLE');
    throw unreadable('it is not as it was sealed', error);
  }
}

function unsealed(sealed: Buffer, key: Buffer): Payload {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  const rest = sealed.subarray(nonceBytes + tagBytes);
  const clear = Buffer.concat([decipher.update(rest), decipher.final()]).toString('utf8');
  const parsed: { metadata: Record<string, string>; data: string } = JSON.parse(clear);
  const names = Object.entries(parsed.metadata);
  return {
    metadata: Object.fromEntries(
      names.map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(parsed.data, 'base64'),
  };
}

/** It stands where the payload stood: whoever reads it fails, and the run that it came to lives on. */
function refused(code: RefusedCode): Payload {
  const data = bytes(JSON.stringify({ windlassRefused: code }));
  return { metadata: { encoding: bytes('json/plain') }, data };
}

function unreadable(why: string, cause?: unknown): Failure {
  return new Failure({
    code: 'PAYLOAD_UNREADABLE',
    what: 'A payload of the run cannot be read',
    why,
    fix: 'Add the key that the run was started with to WINDLASS_CODEC_KEY_FILE, a line of its own.',
    class: 'retry',
    cause,
  });
}

function invalidKey(file: string, key: Buffer): Failure {
  return new Failure({
    code: 'CODEC_KEY_INVALID',
    what: 'The codec key is not 32 bytes',
    why: `${file} holds ${key.length} bytes of base64`,
    fix: 'Make one with `openssl rand -base64 32`.',
  });
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

function bytes(value: string): Uint8Array {
  return Buffer.from(value);
}

function text(value: Uint8Array | null | undefined): string {
  return Buffer.from(value ?? []).toString();
}
