import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { yamlBytes } from './yaml-limits.ts';

/**
 * The text of a YAML file; an Error in words for a user where it is none. A pipe is not waited for,
 * and of a file without end no more is read than the limit.
 */
export async function readYaml(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error('it is no file');
    const tooLarge = `it has ${status.size} bytes: at most ${yamlBytes} (512 KiB) are read`;
    if (status.size > yamlBytes) throw new Error(tooLarge);
    return utf8Of(await handle.readFile());
  } finally {
    await handle.close();
  }
}

function utf8Of(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not written in UTF-8');
  }
}
