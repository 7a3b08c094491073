import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runState } from '../terraform/run-state.ts';

const dayMs = 24 * 60 * 60_000;
const keptDays = 7;
const keptCount = 10;
const lostDays = 30; // of a lost terraform run, whose record proves that its lock is nobody's

/**
 * Removes the folders of runs that are older than a week or not among the newest ten; never one of
 * an open run, or with a living terraform. Answers how many went.
 */
export async function pruneRuns(
  home: string,
  openRuns: () => Promise<readonly string[]>,
): Promise<number> {
  const all = await runsIn(join(home, 'runs'));
  if (all.length <= keptCount) return 0;
  const open = await openRuns();
  let removed = 0;
  for (const [index, { folder, name, days }] of all.entries()) {
    if (index < keptCount && days < keptDays) continue;
    if (open.some((runId) => name.includes(runId)) || (await isNeeded(folder, days))) continue;
    await rm(folder, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** The newest first. */
async function runsIn(above: string) {
  const names = await readdir(above).catch(() => []);
  const found = names.map(async (name) => {
    const folder = join(above, name);
    const { mtimeMs } = await stat(folder);
    return { folder, name, mtimeMs, days: (Date.now() - mtimeMs) / dayMs };
  });
  return (await Promise.all(found)).sort((a, b) => b.mtimeMs - a.mtimeMs);
}

/** Whether a terraform of it lives, or was lost not long ago. */
async function isNeeded(folder: string, days: number): Promise<boolean> {
  for (const stack of await readdir(folder).catch(() => []))
    for (const run of await readdir(join(folder, stack, 'runs')).catch(() => [])) {
      const state = await runState(join(folder, stack, 'runs', run));
      if (state === 'running' || (state === 'lost' && days < lostDays)) return true;
    }
  return false;
}
