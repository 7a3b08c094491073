import type { Deploy } from '../deploy.ts';
import type { Site } from '../site.ts';
import type { Project } from '../supabase/project.ts';
import { recorded } from './is-own.ts';
import { isAbout, readProjectRecord } from './project-record.ts';

/**
 * Why an undo must leave a project alone; undefined where it is the very one that the run saw
 * before it changed anything, or one that the run's own record says it made. Its name proves
 * nothing: another may have made one of that name while the run worked.
 */
export async function leftAlone(
  site: Site,
  d: Pick<Deploy, 'runId' | 'unfinished' | 'supabaseBefore'>,
  project: Project,
): Promise<string | undefined> {
  const seen = d.supabaseBefore?.ref ?? null;
  if (seen !== null) return seen === project.ref ? undefined : line(project, `it saw ${seen}`);
  const record = await readProjectRecord(site);
  const made = record && isAbout(site, record) && runsOf(d).includes(record.runId);
  return made && recorded(record, project) ? undefined : line(project, 'it made none');
}

/** The run, and the one that it winds back where that did not end by itself. */
export function runsOf({ runId, unfinished }: Pick<Deploy, 'runId' | 'unfinished'>) {
  return unfinished ? [runId, unfinished.runId] : [runId];
}

function line({ name, ref }: Project, why: string): string {
  return `Supabase project ${name} (${ref}): not the one of this run (${why}), left as it is`;
}
