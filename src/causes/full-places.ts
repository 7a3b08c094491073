import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { placeHere } from '../place.ts';

const littleBytes = 1024 * 1024;

/** The folders that Windlass writes to whose file system has less than 1 MB left. */
export function fullPlaces(): readonly string[] {
  const place = placeHere();
  const folders = place ? [place.home, tmpdir(), place.root] : [tmpdir()];
  return [...new Set(folders)].filter(isFull);
}

function isFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize < littleBytes;
  } catch {
    return false; // what is not there is not full
  }
}
