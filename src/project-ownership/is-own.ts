import type { LedgerEntry } from '../releases/ledger-entry.ts';
import { readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import type { Site } from '../site.ts';
import type { Project } from '../supabase/project.ts';
import { waitUntilReady } from '../supabase/readiness.ts';
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
  const ledger = await readLedger(site);
  if (keptBy(ledger, project)) return true;
  if (project.status !== 'ACTIVE_HEALTHY') {
    if (!standingOf(ledger)) return false;
    await waitUntilReady(site.supabase, project.ref); // one that is paused says so
  }
  return provenBySecrets(site, project);
}

/** Between our look at "none of that name" and the answer to our call nobody else makes one. */
const creationMs = 10 * 60_000;

/** Whether what the record says is true of this very project. */
export function recorded({ ref, absentAt }: ProjectRecord, project: Project): boolean {
  if (ref !== undefined) return ref === project.ref;
  if (absentAt === undefined || project.createdAt === undefined) return false;
  return Date.parse(project.createdAt) <= Date.parse(absentAt) + creationMs;
}

/** Whether the ledger says of a first deploy that failed that it made the project. */
export function keptBy(ledger: readonly LedgerEntry[], { ref }: Pick<Project, 'ref'>): boolean {
  const line = `(${ref}): created by this run`;
  return ledger.some(({ kept = [] }) => kept.some((one) => one.includes(line)));
}
