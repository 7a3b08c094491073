import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { succeeds, unprivileged } from '../run-as.ts';
import { giveAway } from './server-user.ts';

/**
 * Whether Postgres can keep its data in a folder, found out by trying: its user makes a file in a
 * folder of its own, the modes and owners stick, which Postgres insists on, and we can still look in.
 */
export function keepsData(folder: string): boolean {
  const trial = join(folder, `trial-${process.pid}`);
  try {
    mkdirSync(trial, { mode: 0o700 });
    giveAway(trial);
    if ((statSync(trial).mode & 0o077) !== 0) return false;
    const script = '[ -O "$1" ] && : >"$1/file" && cat "$1/file" && rm "$1/file"';
    const written = succeeds(unprivileged('sh', ['-c', script, 'sh', trial]));
    return written && readdirSync(trial).length === 0;
  } catch {
    return false;
  } finally {
    if (existsSync(trial)) rmdirSync(trial);
  }
}
