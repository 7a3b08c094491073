import { Failure } from './failure.ts';
import { accessVersion, newestEnabled } from './gcp/secrets.ts';
import type { Site } from './site.ts';
import { directConnection } from './supabase/database.ts';
import type { DatabaseAddress } from './supabase/database.ts';
import { findProject } from './supabase/project.ts';

/** How Windlass itself logs in to the environment's database; never leaves this process. */
export interface DatabaseLogin extends DatabaseAddress {
  readonly password: string;
}

/** The secret that holds the password of the database's admin; no service may read it. */
export const adminSecret = 'supabase-admin';

/** The secret that holds the URL of the migrator's login; its account alone may read it. */
export const migratorSecret = 'supabase-migrator';

/** The admin's login; undefined while the environment has no project or no password yet. */
export async function databaseOf(site: Site): Promise<DatabaseLogin | undefined> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return undefined;
  const password = await adminPassword(site);
  if (password === undefined) return undefined;
  return { ...(await directConnection(site.supabase, project.ref)), password };
}

/** The admin's login; a Failure where there is none yet. */
export async function requireDatabase(site: Site): Promise<DatabaseLogin> {
  const login = await databaseOf(site);
  if (login) return login;
  throw new Failure({
    code: 'DATABASE_UNKNOWN',
    what: `The database of ${site.name} has no login yet`,
    why: `there is no Supabase project ${site.environment.supabase.project}, or no ${adminSecret}`,
    fix: 'Deploy the environment first.',
  });
}

async function adminPassword(site: Site): Promise<string | undefined> {
  const version = await newestEnabled(site.google, adminSecret).catch(noSecret);
  if (version === undefined) return undefined;
  return String(await accessVersion(site.google, { secret: adminSecret, version }));
}

function noSecret(error: unknown): undefined {
  if (error instanceof Failure && error.code.endsWith('NOT_FOUND')) return undefined;
  throw error;
}
