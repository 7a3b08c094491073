import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
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

/** Everything below a service's folder that belongs into its image, by path within the folder. */
export async function sourceFiles(folder: string): Promise<readonly TarEntry[]> {
  return below(folder, '');
}

async function below(folder: string, as: string): Promise<readonly TarEntry[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const kept = children.filter(({ name }) => !ignored.has(name) && !name.endsWith('.pyc'));
  const entries = await Promise.all(
    kept.map((child) => entriesOf(child, join(folder, child.name), `${as}${child.name}`)),
  );
  return entries.flat();
}

async function entriesOf(child: Dirent, path: string, as: string): Promise<readonly TarEntry[]> {
  if (child.isDirectory()) return [{ path: as }, ...(await below(path, `${as}/`))];
  if (!child.isFile()) throw notPlain(path);
  const [bytes, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return [{ path: as, bytes, executable: (mode & 0o100) !== 0 }];
}

function notPlain(path: string): Failure {
  return new Failure({
    code: 'IMAGE_NOT_PLAIN',
    what: `${path} cannot be put into an image`,
    why: 'It is a link or a special file; an image holds plain files and folders only.',
    fix: 'Replace it by a plain file, or move it out of the service’s folder.',
  });
}

function unreadable(folder: string, cause: unknown): Failure {
  return new Failure({
    code: 'IMAGE_SOURCE_MISSING',
    what: `The folder ${folder} cannot be read`,
    why: String(cause),
    fix: 'Mend `source` of the service in windlass.yaml.',
    cause,
  });
}
