// Castagnoli's polynomial, reflected (RFC 3720, appendix B.4).
const POLYNOMIAL = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value >>> 0;
});

/** The CRC32C of some bytes as an unsigned number. */
export function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** The CRC32C as storage writes it: four big-endian bytes in base64. */
export function crc32cBase64(bytes: Buffer): string {
  const packed = Buffer.alloc(4);
  packed.writeUInt32BE(crc32c(bytes));
  return packed.toString('base64');
}
