import { gunzipSync, inflateRawSync, zstdDecompressSync, constants } from 'node:zlib';
import type { Canary } from './kinds.ts';

/** A canary that was found: which, where, and in what form. */
export interface Hit {
  readonly canary: string;
  readonly place: string;
  readonly form: string;
}

/** How deep archives in archives, and encoded texts in encoded texts, are opened. */
const deepest = 3;

/**
 * Looks for canaries in bytes: as they are, in hexadecimal and base64, in UTF-16, and in whatever of
 * it is gzip, zstd, a zip's entries or a long base64 text. It knows nothing of the redactor.
 */
export function scan(
  bytes: Buffer,
  place: string,
  all: readonly Canary[],
  depth = 0,
): readonly Hit[] {
  const text = bytes.toString('latin1');
  const found = all.flatMap(({ name, core }) =>
    formsOf(core).flatMap(([form, part]) =>
      text.includes(part) ? [{ canary: name, place, form }] : [],
    ),
  );
  if (depth === deepest) return found;
  const inner = [...opened(bytes), ...decoded(text)];
  return [
    ...found,
    ...inner.flatMap(([form, one]) => scan(one, `${place} (${form})`, all, depth + 1)),
  ];
}

function formsOf(core: string): readonly (readonly [string, string])[] {
  const hex = Buffer.from(core).toString('hex');
  const base64 = [0, 1, 2].map((shift) => {
    const whole = Buffer.from(`${'x'.repeat(shift)}${core}`).toString('base64');
    return ['base64', whole.slice(shift === 0 ? 0 : 4, -4)] as const;
  });
  const wide = Buffer.from(core, 'utf16le').toString('latin1');
  return [
    ['as it is', core],
    ['hexadecimal', hex],
    ['hexadecimal', hex.toUpperCase()],
    ['UTF-16', wide],
    ...base64,
  ];
}

function opened(bytes: Buffer): readonly (readonly [string, Buffer])[] {
  const tries: [string, () => Buffer][] = [];
  if (bytes.readUInt16BE.length > 0 && bytes.length > 4) {
    if (bytes.readUInt16BE(0) === 0x1f_8b) tries.push(['gzip', () => gunzipSync(bytes)]);
    if (bytes.readUInt32LE(0) === 0xfd_2f_b5_28)
      tries.push(['zstd', () => zstdDecompressSync(bytes)]);
  }
  for (let at = bytes.indexOf(entry); at >= 0; at = bytes.indexOf(entry, at + 4)) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const rest = bytes.subarray(start);
    if (bytes.readUInt16LE(at + 8) === 8)
      tries.push(['zip', () => inflateRawSync(rest, { finishFlush: constants.Z_SYNC_FLUSH })]);
  }
  return tries.flatMap(([form, open]) => {
    try {
      return [[form, open()] as const];
    } catch {
      return [];
    }
  });
}

/** The head of a zip's entry. */
const entry = Buffer.from('PK\u0003\u0004', 'latin1');

function decoded(text: string): readonly (readonly [string, Buffer])[] {
  const found = text.match(/[A-Za-z0-9+/]{24,}={0,2}|[A-Za-z0-9_-]{24,}/g) ?? [];
  if (found.length > 20_000) return [];
  return found.map((one) => ['in base64', Buffer.from(one, 'base64')] as const);
}
