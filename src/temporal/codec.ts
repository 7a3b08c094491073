import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { Failure } from '../failure.ts';

const encoding = 'binary/encrypted';
const nonceBytes = 12; // the nonce that NIST SP 800-38D advises for GCM
const tagBytes = 16;

/**
 * How payloads travel: in clear, or encrypted with the key in WINDLASS_CODEC_KEY_FILE (32 bytes,
 * base64). The sandbox's UI stays readable because it sets no key.
 */
export async function dataConverter(): Promise<DataConverter> {
  const file = process.env['WINDLASS_CODEC_KEY_FILE'];
  if (file === undefined) return {};
  const key = Buffer.from(await readFile(file, 'utf8'), 'base64');
  if (key.length !== 32)
    throw new Failure({
      code: 'CODEC_KEY_INVALID',
      what: 'The codec key is not 32 bytes',
      why: `${file} holds ${key.length} bytes of base64`,
      fix: 'Make one with `openssl rand -base64 32`.',
    });
  return { payloadCodecs: [aesGcm(key)] };
}

/** Encrypts every payload with AES-256-GCM; the key's id travels along so that keys can rotate. */
export function aesGcm(key: Buffer): PayloadCodec {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return {
    encode: async (payloads) => payloads.map((payload) => seal(payload, key, id)),
    decode: async (payloads) => payloads.map((payload) => open(payload, key, id)),
  };
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

function open(payload: Payload, key: Buffer, id: string): Payload {
  const { metadata, data } = payload;
  if (Buffer.from(metadata?.['encoding'] ?? []).toString() !== encoding || !data) return payload;
  const sealedWith = Buffer.from(metadata?.['encryption-key-id'] ?? []).toString();
  if (sealedWith !== id)
    throw new TypeError(`payload is sealed with the key ${sealedWith}, not with ${id}`);
  const sealed = Buffer.from(data);
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

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}
