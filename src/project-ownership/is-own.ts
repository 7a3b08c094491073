import { readLedger } from '../releases/ledger.ts';
import type { Site } from '../site.ts';
import type { Project } from '../supabase/project.ts';
import { provenBySecrets } from './proven-by-secrets.ts';
import { isAbout, readProjectRecord } from './project-record.ts';
import type { ProjectRecord } from './project-record.ts';

/**
 * Did this environment make the project, or adopt it by name? A project's name proves nothing, for
 * anybody may have made it. Environments from before the record prove it by the secrets that they
 * hold, or by the ledger's line of a first deploy that was wound back.
 */
export async function isOwn(site: Site, project: Project): Promise<boolean> {
  const record = await readProjectRecord(site);
  if (record && isAbout(site, record) && recorded(record, project)) return true;
  if (await keptByLedger(site, project)) return true;
  return provenBySecrets(site, project);
}

/** Between our look at "none of that name" and the answer to our call nobody else makes one. */
const creationMs = 10 * 60_000;

function recorded({ ref, absentAt }: ProjectRecord, project: Project): boolean {
  if (ref !== undefined) return ref === project.ref;
  if (absentAt === undefined || project.createdAt === undefined) return false;
  return Date.parse(project.createdAt) <= Date.parse(absentAt) + creationMs;
}

async function keptByLedger(site: Site, { ref }: Project): Promise<boolean> {
  const line = `(${ref}): created by this run`;
  return (await readLedger(site)).some(({ kept = [] }) => kept.some((one) => one.includes(line)));
}
