import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../failure.ts';
import { readIgnore } from './ignore.ts';
import type { Ignore } from './ignore.ts';
import { looksSecret } from './looks-secret.ts';

/** What a build gets to see of a folder; `content` is a file's sha256 or where a link points. */
export interface ContextEntry {
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'executable' | 'link';
  readonly content: string;
}

/** The entries of a context, sorted by path, and the files that were held back for safety. */
export interface Context {
  readonly folder: string;
  readonly entries: readonly ContextEntry[];
  readonly heldBack: readonly string[];
}

/** What machines leave behind: no part of a service, and never the same in two clones. */
const leavings = new Set([
  '.git',
  '.windlass',
  '.terraform',
  '.venv',
  'node_modules',
  '__pycache__',
  '.pytest_cache',
  '.ruff_cache',
  '.mypy_cache',
  '.DS_Store',
]);

/**
 * Reads a folder as a build context: .dockerignore decides first (`DOCKERFILE.dockerignore` before
 * the folder's own); leavings of machines and what looks like a secret stay out unless a `!` line
 * names them.
 */
export async function readContext(folder: string, dockerfile?: string): Promise<Context> {
  const ignore = readIgnore(await ignoreText(folder, dockerfile));
  const heldBack: string[] = [];
  const entries = await below({ folder, ignore, heldBack }, '');
  const byPath = (a: ContextEntry, b: ContextEntry) => (a.path < b.path ? -1 : 1);
  return { folder, entries: [...entries].sort(byPath), heldBack: heldBack.sort() };
}

interface Reading {
  readonly folder: string;
  readonly ignore: Ignore;
  readonly heldBack: string[];
}

async function ignoreText(folder: string, dockerfile: string | undefined): Promise<string> {
  const own =
    dockerfile && (await readFile(`${dockerfile}.dockerignore`, 'utf8').catch(() => undefined));
  return own ?? (await readFile(join(folder, '.dockerignore'), 'utf8').catch(() => ''));
}

async function below(reading: Reading, as: string): Promise<readonly ContextEntry[]> {
  const at = join(reading.folder, as);
  const children = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(at, cause);
  });
  const found: ContextEntry[] = [];
  for (const child of children)
    found.push(...(await entriesOf(reading, child, `${as}${child.name}`)));
  return found;
}

async function entriesOf(
  reading: Reading,
  child: Dirent,
  path: string,
): Promise<readonly ContextEntry[]> {
  const decision = reading.ignore.decide(path);
  if (decision !== 'in' && isLeaving(child.name)) return [];
  if (child.isDirectory()) return ofFolder(reading, path, decision === 'out');
  if (decision === 'out') return [];
  const file = join(reading.folder, path);
  if (child.isSymbolicLink()) return [{ path, kind: 'link', content: await readlink(file) }];
  if (!child.isFile()) throw special(file);
  if (decision !== 'in' && (await looksSecret(file, path))) {
    reading.heldBack.push(path);
    return [];
  }
  const [bytes, { mode }] = await Promise.all([readFile(file), stat(file)]);
  const content = createHash('sha256').update(bytes).digest('hex');
  return [{ path, kind: (mode & 0o100) === 0 ? 'file' : 'executable', content }];
}

async function ofFolder(reading: Reading, path: string, out: boolean) {
  if (out && !reading.ignore.hasExceptions) return [];
  const inside = await below(reading, `${path}/`);
  if (out && inside.length === 0) return [];
  return [{ path, kind: 'folder', content: '' } as const, ...inside];
}

function isLeaving(name: string): boolean {
  return leavings.has(name) || name.endsWith('.pyc');
}

function special(file: string): Failure {
  return new Failure({
    code: 'IMAGE_NOT_PLAIN',
    what: `${file} cannot be sent to a build`,
    why: 'It is neither a file, nor a folder, nor a link.',
    fix: 'Remove it, or name it in .dockerignore.',
  });
}

function unreadable(folder: string, cause: unknown): Failure {
  return new Failure({
    code: 'IMAGE_SOURCE_MISSING',
    what: `The folder ${folder} cannot be read`,
    why: String(cause),
    fix: 'Fix `source` or `build.context` of the service in windlass.yaml.',
    cause,
  });
}
