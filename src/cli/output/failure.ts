import { styleText } from 'node:util';
import { asKnown } from '../../causes/known-failure.ts';
import { Failure, failureLines, failureText } from '../../failure.ts';
import type { FailureText } from '../../failure.ts';
import { say } from './say.ts';

/** Prints what happened, why, and what to do; an unforeseen error also shows where it arose. */
export function printFailure(thrown: unknown): void {
  const error = asKnown(thrown);
  sayFailure(failureText(error));
  if (!(error instanceof Failure) && error instanceof Error) say(error.stack ?? '');
}

/** The three lines of a failure, the first in red. */
export function sayFailure(failure: FailureText): void {
  const [what = '', ...rest] = failureLines(failure);
  say(styleText('red', `✘ ${what}`));
  for (const line of rest) say(`  ${line.replaceAll('\n', '\n  ')}`);
}
