import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openLane } from './lane.ts';
import type { Lane } from './lane.ts';
import { clockFile } from './strikes.ts';

/** What a lane stands on besides the machine's own disk and clock. */
export type Ground = 'small disk' | 'other clock';

const run = promisify(execFile);

/** A lane in which the first release stands. */
export async function openStanding(bundle: string, on?: Ground) {
  const disk = on === 'small disk' ? await smallDisk() : undefined;
  const lane = await openLane({ bundle, ...(disk && { root: disk }) });
  let migrations: readonly number[] = [];
  let number = 0;
  await lane.write({ number, migrations });
  const up = await lane.windlass('sandbox', 'up');
  if (on === 'other clock') await fakeClock(lane);
  const first = await lane.windlass('deploy', '-e', 'production');
  if (first.exitCode !== 0) {
    await lane.close();
    throw new Error(`the first deploy failed: ${up.said}\n${first.said}`);
  }
  return {
    lane,
    next: () => {
      number += 1;
      return { number, migrations: [...migrations, number] };
    },
    /** The newest tree stands. */
    stands: () => (migrations = [...migrations, number]),
    close: async (): Promise<void> => {
      await lane.close();
      if (disk === undefined) return;
      await run('umount', [disk]);
      await rm(disk, { recursive: true, force: true });
    },
  };
}

async function smallDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wl-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=900m,mode=755', 'crashes', folder]);
  return folder;
}

/** From now on the lane's worker and command line have the clock of a file; the sandbox has the machine's. */
async function fakeClock({ root, env, windlass }: Lane): Promise<void> {
  await writeFile(clockFile(root), '+0\n');
  const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
  Object.assign(env, {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile(root),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  await windlass('status', '-e', 'production');
}
