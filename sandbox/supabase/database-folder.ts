import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure.ts';
import { keepsData } from './postgres/keeps-data.ts';
import { outsideFolder, places } from './postgres/outside-folder.ts';

/**
 * Where a world keeps its databases: `wanted`, a folder of the world; where Postgres cannot use
 * that, a folder outside, to which `wanted` becomes a link. What lay in it before goes along.
 * Fails before anything is started where there is no folder at all, or where it was lost.
 */
export function databaseFolder(wanted: string): string {
  if (isLink(wanted)) return followed(wanted, readlinkSync(wanted));
  const kept = `${wanted}.moved`;
  if (existsSync(kept) && !existsSync(wanted)) renameSync(kept, wanted); // it died on the way
  mkdirSync(wanted, { recursive: true });
  if (keepsData(wanted)) return wanted;
  rmSync(kept, { recursive: true, force: true });
  const folder = filled(wanted, wanted);
  renameSync(wanted, kept);
  symlinkSync(folder, wanted);
  rmSync(kept, { recursive: true });
  return folder;
}

// A copied world gets a copy of its databases, a moved one takes them along.
function followed(link: string, target: string): string {
  const owner = ownerOf(target);
  if (owner === undefined) throw lost(link, target);
  if (owner === link) return target;
  const folder = filled(link, target);
  rmSync(link);
  symlinkSync(folder, link);
  if (!existsSync(owner)) rmSync(target, { recursive: true });
  return folder;
}

/** A new folder outside that belongs to `link` and holds what `source` holds. */
function filled(link: string, source: string): string {
  const outside = outsideFolder(keepsData);
  if (outside === undefined) throw unreachable(link);
  removeOrphans(outside);
  const folder = join(outside, createHash('sha256').update(link).digest('hex').slice(0, 16));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o711 });
  execFileSync('cp', ['-a', `${source}/.`, folder]);
  execFileSync('chmod', ['0711', folder]);
  writeFileSync(join(folder, 'owner'), link, { mode: 0o600 });
  return folder;
}

// What belongs to a sandbox that was removed; a project that is not there may be unmounted only.
function removeOrphans(outside: string): void {
  for (const name of readdirSync(outside)) {
    const owner = ownerOf(join(outside, name)) ?? outside;
    const project = join(owner, '../../..');
    if (!existsSync(owner) && existsSync(project)) rmSync(join(outside, name), { recursive: true });
  }
}

function ownerOf(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function unreachable(wanted: string): Failure {
  return new Failure({
    code: 'DATABASE_FOLDER_UNREACHABLE',
    what: "The sandbox's Postgres has no folder for its data",
    why: `Its user can write neither in ${wanted} nor in ${places().join(', ')}, or these disks keep no owners and modes, or we are a root that may not look into that user's folders (no CAP_DAC_OVERRIDE).`,
    fix: 'Name a folder on a Linux disk that this user may enter in WINDLASS_DATABASE_FOLDER, or run the command as a normal user.',
  });
}

function lost(link: string, target: string): Failure {
  return new Failure({
    code: 'DATABASE_FOLDER_LOST',
    what: "The folder with the sandbox's databases is gone",
    why: `${link} leads to ${target}, and that is no folder of a sandbox (any more).`,
    fix: 'Bring that folder back; or remove the whole folder .windlass (or WINDLASS_HOME) for an empty sandbox.',
  });
}
