import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeHome } from './make-home.ts';
import { projectPlace } from './place.ts';
import { identify } from './terraform/process-identity.ts';

/**
 * An empty folder (0700) of this process below the home, whose name says whose it is: a killed
 * process leaves it behind, and the next worker removes it. The caller removes it.
 */
export async function temporaryFolder(kind: string): Promise<string> {
  const { home } = projectPlace();
  await makeHome(home);
  const above = temporaryRoot(home);
  await mkdir(above, { recursive: true, mode: 0o700 });
  const { started } = (await identify(process.pid)) ?? { started: '0' };
  return mkdtemp(join(above, `${kind}-${process.pid}-${started}-`));
}

/** Removes the folders of processes that live no more; answers how many. */
export async function sweepTemporaryFolders(home = projectPlace().home): Promise<number> {
  const ours = await sweep(temporaryRoot(home), /^[a-z]+-(\d+)-(\d+)-\w{6}$/);
  // Where an older Windlass kept them; their names tell no more than a process id.
  return ours + (await sweep(tmpdir(), /^windlass-(?:pgpass|restore|set)-(\d+)-\w{6}$/));
}

async function sweep(above: string, pattern: RegExp): Promise<number> {
  let swept = 0;
  for (const name of await readdir(above).catch(() => [])) {
    const [, pid, started] = pattern.exec(name) ?? [];
    if (pid === undefined || (await lives(Number(pid), started))) continue;
    await rm(join(above, name), { recursive: true, force: true }).catch(() => undefined);
    swept += 1;
  }
  return swept;
}

async function lives(pid: number, started: string | undefined): Promise<boolean> {
  const found = await identify(pid);
  return found !== undefined && (started === undefined || found.started === started);
}

function temporaryRoot(home: string): string {
  return join(home, 'tmp');
}
