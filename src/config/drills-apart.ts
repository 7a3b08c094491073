import { drillEnvironment, drillName } from '../drills/drill-site.ts';
import { releaseBucketOf } from '../release-bucket.ts';
import type { Environment } from './environment.ts';
import type { Overlap } from './environments-apart.ts';

type Named = readonly [name: string, environment: Environment];

/**
 * Everything by which the drills of one environment would meet an environment, its backups or the
 * drills of another: a drill deletes its whole place at its end.
 */
export function drillOverlaps(
  environments: Readonly<Record<string, Environment>>,
): readonly Overlap[] {
  const all = Object.entries(environments);
  return all.flatMap(([name, environment]) => {
    const place = placeOf(drillEnvironment(environment));
    const path = ['environments', name, 'drillProject'];
    const met = all.flatMap(([other, its]) => [
      ...shared(place, placeOf(its)).map((what) => `is ${what} of ${other}`),
      ...(other > name ? shared(place, placeOf(drillEnvironment(its))) : []).map(
        (what) => `is ${what} of ${other}'s drills too`,
      ),
    ]);
    const found = met.map((message) => ({ path, message: sentence([name, environment], message) }));
    return [...found, ...namesakeOf(name, environments)];
  });
}

/** What a drill of an environment would delete, or lie in, by what it is. */
function placeOf(environment: Environment): ReadonlyMap<string, string> {
  const { project, backup, supabase } = environment;
  return new Map([
    [`project ${project}`, 'the project'],
    ...(backup.project === undefined
      ? []
      : [[`project ${backup.project}`, 'the project of the backups'] as const]),
    [`bucket ${project}-state`, 'the bucket of the states'],
    [`bucket ${releaseBucketOf(environment)}`, 'the bucket of the backups'],
    [`supabase ${supabase.organization}/${supabase.project}`, 'the Supabase project'],
  ]);
}

/** The first thing that two places have in common: what it is to the second. */
function shared(
  mine: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  const key = [...mine.keys()].find((one) => other.has(one));
  const what = key === undefined ? undefined : other.get(key);
  return key === undefined || what === undefined ? [] : [`${what} '${key.split(' ')[1]}'`];
}

function sentence([name, environment]: Named, met: string): string {
  const { project } = drillEnvironment(environment);
  const said = environment.drillProject === undefined ? 'is not set, so it defaults to' : 'is';
  return `${said} '${project}', where a drill of ${name} deletes everything, and that ${met}`;
}

/** `production-drill` is the scratch environment of production, and cannot be declared beside it. */
function namesakeOf(
  name: string,
  environments: Readonly<Record<string, Environment>>,
): readonly Overlap[] {
  const scratch = drillName(name);
  if (!Object.hasOwn(environments, scratch)) return [];
  const message = `is the project of the drills of ${name}, and each drill deletes everything in it`;
  return [{ path: ['environments', scratch], message }];
}
