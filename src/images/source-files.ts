import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { readIgnore } from './context/ignore.ts';
import type { Ignore } from './context/ignore.ts';
import { looksSecret } from './context/looks-secret.ts';
import type { TarEntry } from './fixed-tar.ts';

/** Names that are no part of a service: caches, environments, tests, other tools' leavings. */
const ignored = new Set([
  '__pycache__',
  '.venv',
  'tests',
  '.git',
  '.pytest_cache',
  '.ruff_cache',
  '.mypy_cache',
  '.DS_Store',
  'node_modules',
]);

/** What belongs into the image of a folder, and what was held back for it looks like a secret. */
export interface SourceFiles {
  readonly entries: readonly TarEntry[];
  readonly heldBack: readonly string[];
}

/** Everything below a service's folder that belongs into its image, by path within the folder. */
export async function sourceFiles(folder: string): Promise<SourceFiles> {
  const text = await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => '');
  const heldBack: string[] = [];
  const entries = await below({ ignore: readIgnore(text), heldBack }, folder, '');
  return { entries, heldBack: heldBack.sort() };
}

interface Reading {
  readonly ignore: Ignore;
  readonly heldBack: string[];
}

async function below(reading: Reading, folder: string, as: string): Promise<readonly TarEntry[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const kept = children.filter(({ name }) => !ignored.has(name) && !name.endsWith('.pyc'));
  const entries = await Promise.all(
    kept.map((child) => entriesOf(reading, child, { folder, as: `${as}${child.name}` })),
  );
  return entries.flat();
}

async function entriesOf(
  reading: Reading,
  child: Dirent,
  { folder, as }: { readonly folder: string; readonly as: string },
): Promise<readonly TarEntry[]> {
  const path = join(folder, child.name);
  const decision = reading.ignore.decide(as);
  if (child.isDirectory()) return folderEntries(reading, path, { as, out: decision === 'out' });
  if (decision === 'out') return [];
  if (!child.isFile()) throw notPlain(path);
  if (decision !== 'in' && (await looksSecret(path, as))) {
    reading.heldBack.push(as);
    return [];
  }
  const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return [{ path: as, bytes, executable: (mode & 0o100) !== 0 }];
}

async function folderEntries(
  reading: Reading,
  path: string,
  { as, out }: { readonly as: string; readonly out: boolean },
): Promise<readonly TarEntry[]> {
  if (out && !reading.ignore.hasExceptions) return [];
  const inside = await below(reading, path, `${as}/`);
  return out && inside.length === 0 ? [] : [{ path: as }, ...inside];
}

function notPlain(path: string): Failure {
  return new Failure({
    code: 'IMAGE_NOT_PLAIN',
    what: `${path} cannot be put into an image`,
    why: 'It is a link or a special file; an image holds plain files and folders only.',
    fix: 'Replace it with a plain file, or move it out of the service’s folder.',
  });
}

function unreadable(folder: string, cause: unknown): Failure {
  return new Failure({
    code: 'IMAGE_SOURCE_MISSING',
    what: `The folder ${folder} cannot be read`,
    why: String(cause),
    fix: 'Fix `source` of the service in windlass.yaml.',
    cause,
  });
}
