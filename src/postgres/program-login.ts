import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { MigrationCall } from './alembic.ts';
import type { Login } from './connect.ts';
import { migratorRole } from './role-sql.ts';
import { isTrialLogin, withTrialMigrator } from './trial-login.ts';

/** Whether a call runs a program of the user's on a database. */
export async function movesByProgram({ verb, folders }: MigrationCall): Promise<boolean> {
  if (verb === 'status' || verb === 'review' || verb === 'sql') return false;
  const looks = Object.values(folders).map((folder) =>
    access(join(folder, 'command.json')).then(() => true),
  );
  return (await Promise.allSettled(looks)).some(({ status }) => status === 'fulfilled');
}

/** Lends a login that may do what the migrator may: no program of the user's runs as an administrator. */
export async function withOwnLogin<T>(login: Login, work: (own: Login) => Promise<T>): Promise<T> {
  if (login.user === migratorRole || isTrialLogin(login)) return work(login);
  return withTrialMigrator(login, work);
}
