import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { projectPlace } from '../place.ts';

const littleBytes = 1024 * 1024;

/** The folders that Windlass writes to whose file system has less than 1 MB left. */
export function fullPlaces(): readonly string[] {
  const { root, home } = projectPlace();
  return [...new Set([home, tmpdir(), root])].filter(isFull);
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < littleBytes;
  } catch {
    return false; // what is not there is not full
  }
}
