import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const extension = extname(import.meta.filename);

/** Whether this is the package that npm installs: compiled code; a checkout runs its sources. */
export const isPackage = extension === '.js';

/** A file or folder that Windlass brings itself: none of it comes from the user's project. */
export function programFile(...path: readonly string[]): string {
  return join(root, ...path);
}

/** The version of this Windlass, by its package.json. */
export function programVersion(): string {
  const file = isPackage ? programFile('..', 'package.json') : programFile('package.json');
  const { version }: { version?: unknown } = Object(JSON.parse(readFileSync(file, 'utf8')));
  return typeof version === 'string' ? version : 'unknown';
}

/** The file of a module of ours, by its path without an extension: sources and compiled code differ. */
export function programModule(path: string): string {
  return join(root, `${path}${extension}`);
}

/** A folder that the program fills for itself; that of a package outlives `npm ci`. */
export function programCache(name: string): string {
  if (!isPackage) return programFile('.windlass', name);
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(caches, 'windlass', name);
}

/** The virtual environment with the Python tools: Temporal, Postgres, Alembic. */
export function pythonTools(): string {
  if (!isPackage) return programFile('tools', 'python', '.venv');
  const lock = readFileSync(programFile('tools', 'python', 'requirements.lock'));
  return programCache(`python-${createHash('sha256').update(lock).digest('hex').slice(0, 12)}`);
}
