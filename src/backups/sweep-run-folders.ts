import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const dayMs = 24 * 60 * 60_000;

/** An older Windlass wrote these in plain text, and left them where a run failed. */
const plain = new Set(['database.dump', 'backup.dump', 'backup.dump.part']);
const sealed = new Set(['database.dump.sealed', 'backup.dump.sealed']);

/** Removes what killed runs left of dumps on this machine; a sealed one may be a live run's for a day. */
export async function sweepRunFolders(home: string): Promise<void> {
  const runs = join(home, 'runs');
  for (const run of await readdir(runs).catch(() => [])) {
    for (const name of await readdir(join(runs, run)).catch(() => [])) {
      const path = join(runs, run, name);
      if (plain.has(name) || (sealed.has(name) && (await isOld(path))))
        await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > dayMs;
}
