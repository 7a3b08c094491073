import { open } from 'node:fs/promises';
import { progressOf } from './progress.ts';
import type { Progress } from './progress.ts';
import { parseStreamLine } from './stream.ts';

/** A function that reports what was written to the stream file since it was last called. */
export function follow(
  file: string,
  onProgress: ((progress: Progress) => void) | undefined,
): () => Promise<void> {
  let position = 0;
  let rest = '';
  return async () => {
    if (onProgress === undefined) return;
    const chunk = await readFrom(file, position);
    position += chunk.length;
    // An unfinished line is kept as latin1, or a letter cut in two would be lost.
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = Buffer.from(line, 'latin1').toString();
      const progress = progressOf(parseStreamLine(text));
      if (progress) onProgress(progress);
    }
  };
}

async function readFrom(file: string, position: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.max(0, size - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
