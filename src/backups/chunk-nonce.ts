const mostChunks = 2 ** 32; // 1 PiB of plain bytes

/** The nonce of a chunk: the file's own 7 bytes, the chunk's place, whether it is the last. */
export function chunkNonce(prefix: Buffer, index: number, last: boolean): Buffer {
  if (index >= mostChunks) throw new RangeError('a sealed file ends at 1 PiB');
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce);
  nonce.writeUInt32BE(index, 7);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}
