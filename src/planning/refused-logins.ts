import { isOwn } from '../project-ownership/is-own.ts';
import { deadLogins } from '../secret-values/dead-logins.ts';
import type { DeadLogin } from '../secret-values/dead-logins.ts';
import type { Site } from '../site.ts';
import { directConnection } from '../supabase/database.ts';
import { findProject } from '../supabase/project.ts';
import { waitUntilReady } from '../supabase/readiness.ts';

/** The environment's own logins that its database refuses now; none while it has no database. */
export async function refusedLogins(site: Site): Promise<readonly DeadLogin[]> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || !(await isOwn(site, project))) return [];
  await waitUntilReady(site.supabase, project.ref);
  return deadLogins(site, await directConnection(site.supabase, project.ref));
}
