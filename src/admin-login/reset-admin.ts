import { Failure } from '../failure.ts';
import { isOwn } from '../project-ownership/is-own.ts';
import { newPassword } from '../secret-values/password.ts';
import type { Site } from '../site.ts';
import { databaseAddress } from '../database-way/way.ts';
import { resetPassword } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';
import { adminLogin } from './admin-login.ts';
import { keepAdmin } from './held-admin.ts';
import { resetName } from './own-admin.ts';

/**
 * The last way in: gives `postgres` a new password and keeps it, where that was accepted by name,
 * the project is the environment's own, and nothing else opens it.
 */
export async function resetWhereAccepted(site: Site, accept: readonly string[]): Promise<void> {
  if (!accept.includes(resetName(site))) return;
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || !(await isOwn(site, project))) return;
  const { ref } = project;
  try {
    await adminLogin(site, ref);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'DATABASE_LOGIN_LOST') throw error;
    const password = newPassword();
    await resetPassword(site.supabase, { ref, password });
    const address = await databaseAddress(site, ref);
    await keepAdmin(site, { ...address, password }, password);
  }
}
