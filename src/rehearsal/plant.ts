import { appendFileSync, readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { inTheMiddle } from './in-the-middle.ts';
import { PlantedFile, nameOf, plantedVariable, struckFile, struckNames } from './planted.ts';
import type { Planted } from './planted.ts';

/** What stands between an activity and its work; a rehearsal plants failures there. */
export interface Meddling {
  /** Stops the work in its middle. */
  readonly cut?: AbortSignal;
  /** Hears what the work says of itself, and breaks it in its middle. */
  readonly hear: (progress: string) => void;
  /** Lets the work through; throws what was planted once it has ended. */
  readonly through: <T>(working: Promise<T>) => Promise<T>;
}

const nothing: Meddling = { hear: () => undefined, through: (working) => working };

/** What is planted in this activity; throws at once what is planted before it. */
export function meddle(activity: string, site: Site): Meddling {
  const file = process.env[plantedVariable];
  if (file === undefined) return nothing;
  if (site.environment.target !== 'sandbox') throw neverThere(site.name);
  const planted = nextOf(activity, file);
  if (!planted) return nothing;
  const strike = (): Failure => {
    appendFileSync(struckFile(file), `${nameOf(planted)}\n`);
    return failureOf(planted);
  };
  if (planted.when === 'before') throw strike();
  if (planted.when === 'during') return inTheMiddle({ planted, strike, home: site.home, file });
  const after = async <T>(working: Promise<T>): Promise<T> => {
    await working;
    throw strike();
  };
  return { ...nothing, through: after };
}

/** By what struck, not by attempts: a power cut that is meant for one step takes another's with it. */
function nextOf(activity: string, file: string): Planted | undefined {
  const names = struckNames(file);
  return PlantedFile.parse(JSON.parse(readFileSync(file, 'utf8'))).find(
    (one) => one.activity === activity && !names.includes(nameOf(one)),
  );
}

function failureOf({ activity, when, class: kind }: Planted): Failure {
  return new Failure({
    code: 'REHEARSED',
    what: `A failure that the rehearsal planted ${when} ${activity}`,
    why: `class ${kind}`,
    fix: 'Nothing: this is a rehearsal.',
    class: kind,
  });
}

function neverThere(environment: string): Failure {
  return new Failure({
    code: 'REHEARSAL_IN_CLOUD',
    what: `A worker that breaks things on purpose was asked to run ${environment}`,
    why: `${plantedVariable} is set, and ${environment} is in the real cloud`,
    fix: 'Start the worker without that variable: only a rehearsal sets it, for its own sandbox.',
  });
}
