import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { PlantedFile, nameOf, plantedVariable, struckFile } from './planted.ts';
import type { Planted } from './planted.ts';
import { killTerraform } from './power-cut.ts';

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
  if (planted.when === 'during') return inTheMiddle(planted, strike, site.home);
  const after = async <T>(working: Promise<T>): Promise<T> => {
    await working;
    throw strike();
  };
  return { ...nothing, through: after };
}

/** By what struck, not by attempts: a power cut that is meant for one step takes another's with it. */
function nextOf(activity: string, file: string): Planted | undefined {
  const struck = existsSync(struckFile(file)) ? readFileSync(struckFile(file), 'utf8') : '';
  const names = struck.split('\n');
  return PlantedFile.parse(JSON.parse(readFileSync(file, 'utf8'))).find(
    (one) => one.activity === activity && !names.includes(nameOf(one)),
  );
}

function inTheMiddle({ how, middle }: Planted, strike: () => Failure, home: string): Meddling {
  const cut = new AbortController();
  const sign = new RegExp(middle);
  let broken = false;
  let struck: Failure | undefined;
  const hear = (progress: string): void => {
    if (broken || !sign.test(progress)) return;
    broken = true;
    struck = strike();
    if (how === 'crash') return void crash(home);
    if (how === 'throw') throw struck;
    cut.abort(struck);
  };
  const through = async <T>(working: Promise<T>): Promise<T> => {
    const [ended] = await Promise.allSettled([working]); // no undo beside work that still goes on
    if (broken && how === 'crash') return never; // nobody may hear of an end after the power cut
    if (struck !== undefined) throw struck;
    return ended.status === 'fulfilled' ? ended.value : Promise.reject(ended.reason);
  };
  return { cut: cut.signal, hear, through };
}

const never = new Promise<never>(() => undefined);

/** The machine loses its power: nobody can say any more what became of the work. */
async function crash(home: string): Promise<void> {
  await killTerraform(home);
  process.kill(-process.pid, 'SIGKILL'); // our children too
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
    what: `A worker that breaks things on purpose was asked to work on ${environment}`,
    why: `${plantedVariable} is set, and ${environment} lies in the real clouds`,
    fix: 'Start the worker without that variable: only `windlass rehearse` sets it, for its own sandbox.',
  });
}
