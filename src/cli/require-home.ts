import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { makeHome } from '../make-home.ts';

/** What a first deploy into the sandbox leaves on disk, with room for its logs, in bytes. */
const needed = 150_000_000;

/** Makes the folder of what this machine keeps; a Failure where nothing can be kept there. */
export async function requireHome(home: string): Promise<void> {
  const trial = join(home, 'run', `trial-${process.pid}`);
  try {
    await makeHome(home);
    await mkdir(join(home, 'run'), { recursive: true });
    await writeFile(trial, 'x'.repeat(4096));
  } catch (cause) {
    throw isFull(cause) ? full(home, 0) : notWritable(home, cause);
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
  const { bavail, bsize } = await statfs(home);
  if (bavail * bsize < needed) throw full(home, bavail * bsize);
}

function isFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

function notWritable(home: string, cause: unknown): Failure {
  return new Failure({
    code: 'HOME_NOT_WRITABLE',
    what: `${home} cannot be written to`,
    why: `Windlass keeps there what runs on this machine (${cause instanceof Error ? cause.message : String(cause)}).`,
    fix: 'Set WINDLASS_HOME to a folder that you own, or clone to a writable disk.',
    cause,
  });
}

function full(home: string, free: number): Failure {
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;
  return new Failure({
    code: 'DISK_FULL',
    what: `Not enough disk space in ${home}`,
    why: `a run needs about ${megabytes(needed)}, ${megabytes(free)} are free.`,
    fix: 'Free some space on that disk, or set WINDLASS_HOME to a folder on another one.',
  });
}
