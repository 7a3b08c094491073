import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createZstdDecompress } from 'node:zlib';
import { execa } from 'execa';
import { extract } from 'tar';
import { runCommand } from '../../sandbox/supabase/child.ts';
import { unprivileged } from '../../sandbox/supabase/run-as.ts';
import { rigAt } from '../end-to-end/rig.ts';
import type { Rig } from '../end-to-end/rig.ts';
import { ensureBundle } from '../end-to-end/workflow-bundle.ts';

/**
 * Lays the world of an earlier commit out where it was made (states and secrets name its addresses)
 * and answers a rig of today's code on it, with the world's own Temporal. Waits while another test
 * run stands there.
 */
export async function openWorld(commit: string): Promise<Rig> {
  await ensureBundle();
  const root = `/tmp/windlass-world-${commit}`;
  const release = await hold(`${root}.lock`);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { mode: 0o755 });
  const archive = join(import.meta.dirname, commit, 'world.tar.zst');
  const unpack = extract({ cwd: root, preserveOwner: false });
  await pipeline(createReadStream(archive), createZstdDecompress(), unpack);
  await ownClusters(join(root, '.windlass', 'world', 'supabase'));
  const rig = rigAt(root, { temporal: 'own' });
  const close = async (): Promise<void> => {
    await rig.close();
    await release();
  };
  return { ...rig, close };
}

/** One test run at a time: a folder that only one can make, with the process that made it. */
async function hold(lock: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, 'pid'), String(process.pid));
      return () => rm(lock, { recursive: true, force: true });
    } catch {
      const pid = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => Number.NaN));
      if (pid > 0 && !isAlive(pid)) await rm(lock, { recursive: true, force: true });
      await pause(500);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** As root, the clusters belong to the user under which Postgres runs on this machine. */
async function ownClusters(supabase: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const id = async (flag: string) => (await runCommand(unprivileged('id', [flag]))).trim();
  const owner = `${await id('-u')}:${await id('-g')}`;
  for (const project of await readdir(supabase))
    for (const folder of ['data', 'tls'])
      await execa('chown', ['-R', owner, join(supabase, project, folder)], { reject: false });
}
