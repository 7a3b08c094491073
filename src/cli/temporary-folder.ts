import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { say } from './output/say.ts';

/**
 * Points TMPDIR, for this process and all that it starts, to a folder that can be written to, where
 * the one that it names, or `/tmp`, cannot.
 */
export function useWorkingTemporaryFolder(home: string | undefined): void {
  const wanted = process.env['TMPDIR'] || '/tmp';
  if (isUsable(wanted)) return;
  const own = home === undefined ? [] : [join(home, 'tmp')];
  const found = ['/tmp', '/var/tmp', ...own].find((folder) => isUsable(folder));
  const taken = found ?? own.map(made)[0];
  if (taken === undefined) return; // without a project there is little to do
  process.env['TMPDIR'] = taken;
  say(`temporary files go to ${taken}: ${wanted} cannot be written to`);
}

function isUsable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return isAbsolute(folder) && statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

// Where not even that works, the preflight says so; commands that only look go on.
function made(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // See above.
  }
  return folder;
}
