import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { closeToOthers } from './own-umask.ts';
import { createText } from './terraform/write-whole.ts';

const ignored =
  '# Keys, logs and the world of the sandbox: of this machine alone, never committed.\n*\n';

/** Makes the folder of what this machine keeps, which git ignores from then on: keys lie there. */
export async function makeHome(home: string): Promise<void> {
  if (basename(home) === '.windlass') closeToOthers(home);
  const file = join(home, '.gitignore');
  if (existsSync(file)) return;
  const made = await mkdir(home, { recursive: true });
  // A folder that somebody else made, and named to us, stays as it is.
  if (made !== undefined || basename(home) === '.windlass') await createText(file, ignored);
}
