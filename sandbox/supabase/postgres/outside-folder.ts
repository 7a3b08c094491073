import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder of ours outside the project, the first that `fits`: for what the database's user cannot
 * reach in the project. `WINDLASS_DATABASE_FOLDER` names another one.
 */
export function outsideFolder(fits: (folder: string) => boolean): string | undefined {
  return places().find((folder) => isOurs(folder) && fits(folder));
}

/** Where `outsideFolder` looks, best first: what a restart of the machine leaves alone. */
export function places(): readonly string[] {
  const named = process.env['WINDLASS_DATABASE_FOLDER'];
  if (named) return [named];
  const uid = process.getuid?.() ?? 0;
  const shared = ['/var/tmp', tmpdir(), '/tmp'].map((folder) => join(folder, `windlass-${uid}`));
  return uid === 0 ? ['/var/lib/windlass', ...shared] : shared;
}

// Others may enter, as the database's user must; in a shared folder somebody else could have made
// it before us, and then owns what we would run.
function isOurs(folder: string): boolean {
  try {
    if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o711);
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch {
    return false;
  }
}
