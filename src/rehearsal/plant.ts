import { appendFileSync, readFileSync } from 'node:fs';
import { Context } from '@temporalio/activity';
import { Failure } from '../failure.ts';
import { PlantedFile, plantedVariable } from './planted.ts';
import type { Planted } from './planted.ts';

const cutAfterMs = 400;

/** What stands between an activity and its work; a rehearsal plants failures there. */
export interface Meddling {
  /** Aborts the work in the middle. */
  readonly cut?: AbortSignal;
  /** Lets the work through, or throws after its effect, or once it has ended where it was cut. */
  readonly through: <T>(working: Promise<T>) => Promise<T>;
}

const nothing: Meddling = { through: (working) => working };

/** Throws a failure that is planted before this activity; else says what is planted within it. */
export function meddle(activity: string): Meddling {
  const file = process.env[plantedVariable];
  if (file === undefined) return nothing;
  const { attempt } = Context.current().info;
  const planted = PlantedFile.parse(JSON.parse(readFileSync(file, 'utf8'))).find(
    (one) => one.activity === activity && one.attempt === attempt,
  );
  if (!planted) return nothing;
  const strike = (): never => {
    appendFileSync(`${file}.struck`, `${JSON.stringify(planted)}\n`);
    throw failureOf(planted);
  };
  if (planted.when === 'before') strike();
  if (planted.when === 'after') return { through: async (working) => working.then(strike) };
  const cut = AbortSignal.timeout(cutAfterMs);
  return { cut, through: async (working) => working.catch(() => undefined).then(strike) };
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
