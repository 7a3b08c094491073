import { readdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty folder (0700) of this process, whose name says so; the caller removes it. */
export async function temporaryFolder(kind: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `windlass-${kind}-${process.pid}-`));
}

/** Removes the folders that processes of this machine left behind which live no more. */
export async function sweepTemporaryFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names) {
    const pid = /^windlass-(?:pgpass|restore|set)-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || lives(Number(pid))) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
