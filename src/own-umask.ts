import { chmodSync, lstatSync } from 'node:fs';

/**
 * From here on whatever this program and its children write can be read by their user alone: keys,
 * logs, states and the sandbox's databases lie there. The first thing that each of our programs does.
 */
export function keepToOurselves(): void {
  process.umask(0o077);
}

/** Closes a folder that an older Windlass made readable for everybody; what is not ours stays as it is. */
export function closeToOthers(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const ours = found?.isDirectory() === true && found.uid === process.getuid?.();
  if (ours && (found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
