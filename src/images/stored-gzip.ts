import { crc32 } from 'node:zlib';

/** The largest stored block of deflate (RFC 1951, 3.2.4). */
const blockSize = 65_535;

/**
 * Wraps bytes as gzip without compressing them: zlib's compressed output differs between versions
 * and processors, and a digest over it would name the machine instead of the content.
 */
export function storedGzip(content: Buffer): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([header, ...blocksOf(content), trailer]);
}

function blocksOf(content: Buffer): readonly Buffer[] {
  const count = Math.max(1, Math.ceil(content.length / blockSize));
  return Array.from({ length: count }).flatMap((_, index) => {
    const part = content.subarray(index * blockSize, (index + 1) * blockSize);
    const head = Buffer.alloc(5);
    head.writeUInt8(index === count - 1 ? 1 : 0, 0);
    head.writeUInt16LE(part.length, 1);
    head.writeUInt16LE(blockSize - part.length, 3);
    return [head, part];
  });
}
