import { adminLogin } from './admin-login/admin-login.ts';
import { Failure } from './failure.ts';
import { isOwn } from './project-ownership/is-own.ts';
import type { Login } from './postgres/connect.ts';
import type { Site } from './site.ts';
import { findProject } from './supabase/project.ts';
import { waitUntilReady } from './supabase/readiness.ts';

/** How Windlass itself logs in to the environment's database; never leaves this process. */
export type DatabaseLogin = Login;

/** The admin's login; undefined while the environment has no project of its own. */
export async function databaseOf(site: Site): Promise<DatabaseLogin | undefined> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || !(await isOwn(site, project))) return undefined;
  // A restart is waited for; a project that is paused says so.
  if (project.status !== 'ACTIVE_HEALTHY') await waitUntilReady(site.supabase, project.ref);
  return adminLogin(site, project.ref);
}

/** The admin's login; a Failure where there is none yet. */
export async function requireDatabase(site: Site): Promise<DatabaseLogin> {
  const login = await databaseOf(site);
  if (login) return login;
  throw new Failure({
    code: 'DATABASE_UNKNOWN',
    what: `The database of ${site.name} has no login yet`,
    why: `${site.name} has no Supabase project ${site.environment.supabase.project} of its own`,
    fix: 'Deploy the environment first.',
  });
}
