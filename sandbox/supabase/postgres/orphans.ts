import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 20;

/**
 * Ends the backends that a killed server left behind: a busy one notices the death only after its
 * statement, and until then it still writes. Postgres' processes work in their data folder.
 */
export async function endOrphans(data: string): Promise<void> {
  for (;;) {
    const pids = workingIn(data);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
    await sleep(STEP_MS);
  }
}

function workingIn(folder: string): readonly number[] {
  const wanted = realpathSync(folder);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolder(name) === wanted)
    .map(Number);
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // gone, or somebody else's
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}
