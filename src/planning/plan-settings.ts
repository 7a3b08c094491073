import { ownedSettings } from '../owned-settings.ts';
import type { Site } from '../site.ts';
import { readSettings, settingsDiff } from '../supabase/auth-settings.ts';
import { readApiSchemas } from '../supabase/data-api.ts';
import { findProject } from '../supabase/project.ts';

/** What the deploy would change in Supabase, a line each; none where all is as stated. */
export async function planSettings(site: Site): Promise<readonly string[]> {
  const { organization, project: name, exposedSchemas } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization });
  if (!project) return [`create the project ${name}`];
  const { ref } = project;
  const wanted = ownedSettings(site);
  const now = await readSettings(site.supabase, { ref, fields: Object.keys(wanted) });
  const exposed = await readApiSchemas(site.supabase, ref);
  return [
    ...settingsDiff(now, wanted).map(
      ({ field, from, to }) => `${field}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
    ),
    ...(exposed.join() === exposedSchemas.join()
      ? []
      : [`exposed schemas: ${exposed.join(', ')} -> ${exposedSchemas.join(', ')}`]),
  ];
}
