/** One value in DER (X.690): tag, length, content. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

/** An object identifier, written with dots. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
export const utf8 = (text: string) => der(0x0c, Buffer.from(text));
export const octets = (content: Uint8Array) => der(0x04, content);
/** Bits in whole bytes. */
export const bits = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
export const yes = der(0x01, Buffer.from([0xff]));
/** A positive whole number, big-endian; its highest bit must not be set. */
export const integer = (bytes: Uint8Array) => der(0x02, bytes);
/** `YYMMDDHHMMSSZ`, good for the years 1950 to 2049. */
export const utcTime = (text: string) => der(0x17, Buffer.from(text));
/** A tag that only its context explains; `constructed` where it holds other values. */
export const tagged = (number: number, constructed: boolean, ...parts: readonly Uint8Array[]) =>
  der((constructed ? 0xa0 : 0x80) + number, ...parts);

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes = [];
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 + bytes.length, ...bytes];
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
