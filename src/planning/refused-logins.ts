import { isOwn } from '../project-ownership/is-own.ts';
import { deadLogins } from '../secret-values/dead-logins.ts';
import type { DeadLogin } from '../secret-values/dead-logins.ts';
import type { Site } from '../site.ts';
import { addressBy, wayTo } from '../database-way/way.ts';
import type { Way } from '../database-way/way.ts';
import { findProject } from '../supabase/project.ts';
import { waitUntilReady } from '../supabase/readiness.ts';

/**
 * The environment's own logins that its database refuses by the way there, absent = that of now; none
 * while it has no database.
 */
export async function refusedLogins(site: Site, by?: Way): Promise<readonly DeadLogin[]> {
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project || !(await isOwn(site, project))) return [];
  await waitUntilReady(site.supabase, project.ref);
  const { ref } = project;
  const now = await wayTo(site, ref);
  const way = by ?? now;
  const address = await addressBy(site, { ref, way });
  return deadLogins(site, { ...address, later: way !== now });
}
