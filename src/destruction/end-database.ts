import { z } from 'zod';
import { migratorDropSql, schemaDropSql } from '../postgres/role-sql.ts';
import { forgetProject } from '../project-ownership/project-record.ts';
import { readLedger } from '../releases/ledger.ts';
import { databaseServices } from '../services.ts';
import type { Site } from '../site.ts';
import { callSupabase } from '../supabase/client.ts';
import { runSql } from '../supabase/database.ts';
import type { Project } from '../supabase/project.ts';
import { databaseToEnd } from './judge-database.ts';

/**
 * Deletes the Supabase project that the environment made, or what its runs made in another's; none
 * there is a success. Answers what stays, in words.
 */
export async function endDatabase(
  site: Site,
  { runId, accept }: { readonly runId: string; readonly accept?: readonly string[] | undefined },
): Promise<readonly string[]> {
  const found = await databaseToEnd(site, accept);
  const { project, goes } = found ?? { goes: 'nothing' };
  if (project && goes === 'project') await deleteProject(site, project);
  const stays = project && goes === 'schemas' ? await dropSchemas(site, project, runId) : [];
  // One that is not the environment's is in no record of it.
  if (goes !== 'nothing' || !project) await forgetProject(site);
  return stays;
}

/** By its ref, never by its name: Supabase does not keep names unique. */
async function deleteProject(site: Site, { ref, name }: Project): Promise<void> {
  const deed = { action: `delete the project ${name} (${ref})`, method: 'DELETE' } as const;
  await callSupabase(site.supabase, { ...deed, path: `/projects/${ref}`, answer: z.unknown() });
}

/** What any run of the environment marked as its own; the rest of the project is somebody else's. */
async function dropSchemas(
  site: Site,
  { ref, name }: Project,
  runId: string,
): Promise<readonly string[]> {
  const services = databaseServices(site.config);
  const madeBy = [runId, ...(await readLedger(site)).map((entry) => entry.runId)];
  for (const service of services)
    await runSql(site.supabase, { ref, query: schemaDropSql(service, madeBy) });
  await runSql(site.supabase, { ref, query: migratorDropSql(madeBy) });
  const query = 'select nspname as name from pg_namespace order by 1';
  const rows = await runSql(site.supabase, { ref, query, readOnly: true });
  const still = services.filter((service) => rows.some((row) => row['name'] === service));
  return [
    `Supabase project ${name} (${ref}): its users, settings and other schemas are as they were`,
    ...still.map((schema) => `schema ${schema}: no mark of a run on its owner, left as it is`),
  ];
}
