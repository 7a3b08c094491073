import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { styleText } from 'node:util';
import { asKnown } from '../../causes/known-failure.ts';
import { Failure, failureLines, failureText } from '../../failure.ts';
import type { FailureText } from '../../failure.ts';
import { placeHere } from '../../place.ts';
import { withEnvironmentAsked } from './environment-asked.ts';
import { say } from './say.ts';

/** Prints what happened, why, and what to do; where an unexpected error arose is kept in a log. */
export function printFailure(thrown: unknown): void {
  const error = asKnown(thrown);
  const text = failureText(error);
  if (error instanceof Failure) return sayFailure(text);
  const log = keepTrace(error);
  if (log === undefined) sayFailure({ ...text, why: stackOf(error) });
  else sayFailure({ ...text, why: `Unexpected error; please report it (log: ${log})` });
}

/** Appends the stack of an error to a log of this machine; undefined where there is no place for one. */
function keepTrace(error: unknown): string | undefined {
  const home = placeHere()?.home;
  if (home === undefined) return undefined;
  const file = join(home, 'log', 'cli.log');
  try {
    mkdirSync(dirname(file), { recursive: true });
    appendFileSync(file, `${new Date().toISOString()} ${stackOf(error)}\n`, { mode: 0o600 });
    return file;
  } catch {
    return undefined;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The three lines of a failure, the first in red. */
export function sayFailure(failure: FailureText): void {
  const fix = withEnvironmentAsked(failure.fix);
  const [what = '', ...rest] = failureLines({ ...failure, fix });
  say(styleText('red', `✘ ${what}`));
  for (const line of rest) say(`  ${line.replaceAll('\n', '\n  ')}`);
}
