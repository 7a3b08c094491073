import { posix } from 'node:path';

/** Whether a path of windlass.yaml leads out of its folder, by what it says alone. */
export function leadsOut(path: string): boolean {
  return posix.isAbsolute(path) || /^\.\.(\/|$)/.test(posix.normalize(path));
}
