import { knownFailure } from '../causes/known-failure.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { findProject } from './project.ts';
import type { Project } from './project.ts';
import { refuseUnusable } from './readiness.ts';

/**
 * What an error is really about: where the project of the environment is paused, restarts or comes
 * up, a Failure that says so, and whether waiting helps; else the error as it was.
 */
export async function behindLoss(site: Site, error: unknown): Promise<unknown> {
  const known = knownFailure(error);
  if (known && !mayBeALoss.test(known.code)) return error;
  const { organization, project: name } = site.environment.supabase;
  const project = await findProject(site.supabase, { name, organization }).catch(() => undefined);
  if (!project || project.status === 'ACTIVE_HEALTHY') return error;
  try {
    refuseUnusable(project);
  } catch (unusable) {
    return unusable;
  }
  return notNow(project, error);
}

// What a database that is not there looks like, through whichever door it was asked.
const mayBeALoss =
  /^(DATABASE_|CONNECTION_LOST|POSTGRES_CLIENT|MIGRATION_FAILED|SMOKE|SUPABASE_(INVALID|UNAVAILABLE|DATABASE|ANSWER)|BACKUP_|UNEXPECTED)/;

function notNow({ ref, name, status }: Project, cause: unknown): Failure {
  const seen = cause instanceof Failure ? `${cause.what}: ${cause.why}` : String(cause);
  return new Failure({
    code: 'SUPABASE_PROJECT_BUSY',
    what: `The Supabase project ${name} (${ref}) is ${status}`,
    why: seen,
    fix: 'It is retried for some minutes; if it persists, check the project in the Supabase dashboard.',
    class: 'retry',
    cause,
  });
}
