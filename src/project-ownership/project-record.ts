import { z } from 'zod';
import { changeObject } from '../gcp/change-object.ts';
import { removeObject } from '../gcp/object-changes.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { readStored } from '../stored-json.ts';

/**
 * What an environment knows of its Supabase project: that there was none of the name when it asked
 * for one, and which one it got. Only this, and secrets that open it, make a project its own.
 */
export const ProjectRecord = z.object({
  version: z.literal(1),
  organization: z.string(),
  name: z.string(),
  runId: z.string().describe('the run that made or adopted it'),
  /** When no project of that name was there; absent where an existing one was adopted. */
  absentAt: z.iso.datetime().optional(),
  /** Absent between the call that creates a project and its answer. */
  ref: z.string().optional(),
});
export type ProjectRecord = z.infer<typeof ProjectRecord>;

const patience = 3;

/** The record; undefined where there is none. A Failure where a newer Windlass has written it. */
export async function readProjectRecord(site: Site): Promise<ProjectRecord | undefined> {
  const content = await readObject(site.google, objectOf(site));
  if (content === undefined) return undefined;
  const { bucket, name } = objectOf(site);
  return readStored(content, {
    schema: ProjectRecord,
    what: `The record of ${site.name}’s Supabase project`,
    where: `gs://${bucket}/${name}`,
  });
}

/** Notes that there is no project of the environment's name, just before one is created. */
export function noteAbsence(site: Site, runId: string): Promise<void> {
  return write(site, { ...about(site, runId), absentAt: new Date().toISOString() });
}

/** Notes which project is the environment's; no write where it is known already. */
export async function noteProject(site: Site, runId: string, ref: string): Promise<void> {
  const known = await readProjectRecord(site);
  const same = known !== undefined && isAbout(site, known);
  if (same && known.ref === ref) return;
  // Of an adopted project nobody may say that it was not there before.
  const absentAt = same && known.ref === undefined ? known.absentAt : undefined;
  await write(site, { ...about(site, runId), ...(absentAt && { absentAt }), ref });
}

/** Forgets the project: an adoption that was wound back. */
export async function forgetProject(site: Site): Promise<void> {
  await removeObject(site.google, objectOf(site));
}

/** Is the record about the project that windlass.yaml names now? */
export function isAbout(site: Site, { name, organization }: ProjectRecord): boolean {
  const { supabase } = site.environment;
  return name === supabase.project && organization === supabase.organization;
}

function about(site: Site, runId: string) {
  const { organization, project: name } = site.environment.supabase;
  return { version: 1, organization, name, runId } as const;
}

async function write(site: Site, record: ProjectRecord): Promise<void> {
  const content = Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
  await changeObject(site.google, objectOf(site), patience, () => content);
}

function objectOf(site: Site) {
  return { bucket: site.releaseBucket, name: 'supabase-project.json' };
}
