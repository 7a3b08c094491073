import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../../../src/failure.ts';
import { postgresBin } from '../binaries.ts';
import { succeeds, unprivilegedBare } from '../run-as.ts';
import { outsideFolder, places } from './outside-folder.ts';

/**
 * The folder with initdb, postgres and pg_ctl that the database's user may run. Where that user
 * cannot enter the project (a closed home, `umask 077`), it is a copy outside, made once: initdb
 * asks access(2) about its programs, and no capability counts there.
 */
export function serverPrograms(): string {
  return (chosen ??= runs(postgresBin()) ? postgresBin() : copied(postgresBin()));
}

let chosen: string | undefined;

function copied(bin: string): string {
  const name = `postgres-${digest(bin)}`;
  let copy = '';
  const folder = outsideFolder((outside) => {
    copy = join(outside, name, 'bin');
    return runs(copy) || (copyTo(dirname(bin), join(outside, name)) && runs(copy));
  });
  if (folder === undefined) throw unreachable(bin);
  process.stderr.write(`Postgres runs from ${copy}: its user cannot enter ${bin}\n`);
  return copy;
}

function runs(bin: string): boolean {
  const script = '"$1/postgres" -V && [ -x "$1/initdb" ] && ls "$1/../share" "$1/../lib"';
  return succeeds(unprivilegedBare('sh', ['-c', script, 'sh', bin]));
}

// Beside the final name and then renamed: another sandbox may be at it, and one of both is first.
function copyTo(source: string, target: string): boolean {
  const draft = `${target}.${process.pid}`;
  try {
    execFileSync('cp', ['-R', source, draft], { stdio: 'ignore' });
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', draft], { stdio: 'ignore' });
    rmSync(target, { recursive: true, force: true });
    renameSync(draft, target);
    return true;
  } catch {
    return existsSync(target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function digest(bin: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(bin).toSorted()) hash.update(`${name}\n`);
  return hash
    .update(readFileSync(join(bin, 'postgres')))
    .digest('hex')
    .slice(0, 16);
}

function unreachable(bin: string): Failure {
  return new Failure({
    code: 'DATABASE_PROGRAMS_UNREACHABLE',
    what: "The database's user cannot run Postgres",
    why: `It may not enter ${bin}, and no copy can be kept and run in ${places().join(', ')}.`,
    fix: 'Name a folder on a disk that allows programs, which that user may enter, in WINDLASS_DATABASE_FOLDER; or clone to such a folder.',
  });
}
