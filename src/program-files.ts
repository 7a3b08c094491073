import { extname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** A file or folder that Windlass brings itself: none of it comes from the user's project. */
export function programFile(...path: readonly string[]): string {
  return join(root, ...path);
}

/** The file of a module of ours, by its path without an extension: sources and compiled code differ. */
export function programModule(path: string): string {
  return join(root, `${path}${extname(import.meta.filename)}`);
}
