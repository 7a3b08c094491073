import { createHash } from 'node:crypto';
import type { Environment } from '../config/environment.ts';

const ending = '-drill';

/** The name of the scratch environment that an environment's drills recover into. */
export function drillName(environment: string): string {
  return `${environment}${ending}`;
}

const longest = 30; // characters of a Google project's id

/** The Google project of a project's drills: its own name and the ending, cut where that is too long. */
function drillProjectName(project: string): string {
  const whole = drillName(project);
  if (whole.length <= longest) return whole;
  // Two names that begin alike must not meet.
  const digest = createHash('sha256').update(project).digest('hex');
  const mark = `-${digest.slice(0, 4)}${ending}`;
  return `${project.slice(0, longest - mark.length)}${mark}`;
}

/** The environment that a scratch environment is for; undefined for any other name. */
export function drilledBy(name: string): string | undefined {
  return name.endsWith(ending) ? name.slice(0, -ending.length) : undefined;
}

/** The same environment in projects of its own. */
export function drillEnvironment(environment: Environment): Environment {
  // A drill is started by the clock: nobody is there to sign it, and it touches its scratch alone.
  const { people: _none, ...rest } = environment;
  const { project, drillProject, supabase, backup } = environment;
  return {
    ...rest,
    project: drillProject ?? drillProjectName(project),
    backup: { keyFile: backup.keyFile }, // never the bucket of what it recovers
    supabase: { ...supabase, project: drillName(supabase.project) },
  };
}
