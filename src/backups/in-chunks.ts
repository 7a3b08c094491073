/** A piece of a stream, and whether the stream ends with it. */
export interface Chunk {
  readonly chunk: Buffer;
  readonly last: boolean;
}

/** Cuts a stream into pieces of `size` bytes; only the last may be shorter, and there is always one. */
export async function* inChunks(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Chunk> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of source) {
    held.push(piece);
    bytes += piece.length;
    if (bytes <= size) continue;
    const all = Buffer.concat(held, bytes);
    let at = 0;
    // A piece is known not to be the last when a byte follows it.
    for (; bytes - at > size; at += size) yield { chunk: all.subarray(at, at + size), last: false };
    held = [all.subarray(at)];
    bytes -= at;
  }
  yield { chunk: Buffer.concat(held, bytes), last: true };
}
