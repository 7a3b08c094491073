import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { findProject } from '../supabase/project.ts';

/** An environment that was deployed never gets a new, empty project in place of the one it lost. */
export async function refuseLostProject(site: Site, previous: Standing | null): Promise<void> {
  if (previous === null) return;
  const { organization, project: name } = site.environment.supabase;
  if (await findProject(site.supabase, { name, organization })) return;
  throw new Failure({
    code: 'SUPABASE_PROJECT_GONE',
    what: `The Supabase project ${name} of ${site.name} was removed`,
    why: `The ledger's entry ${previous.entry} was deployed with it; a new one would be empty.`,
    fix: `Bring it back from its newest backup: \`bin/windlass recover -e ${site.name}\`.`,
  });
}
