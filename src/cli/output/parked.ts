import type { Report } from '../../report.ts';
import { stepsTouched } from '../../touched.ts';
import { sayFailure } from './failure.ts';
import { say } from './say.ts';

/** Why an undo is stuck, and which undos wait behind it. */
export function sayParked({ steps, parkedAt }: Report): void {
  const stuck = steps.findIndex(({ id }) => id === parkedAt);
  const failure = steps[stuck]?.failure;
  if (failure) sayFailure(failure);
  const behind = stepsTouched(steps.slice(0, Math.max(stuck, 0))).toReversed();
  if (behind.length > 0) say(`  still to come: ${behind.map(({ id }) => id).join(', ')}`);
}

/** What may be said about an undo that is stuck. */
export function parkedCommands(environment: string, step: string): readonly string[] {
  const about = `${step} -e ${environment}`;
  return [
    `bin/windlass undo retry ${about}`,
    `bin/windlass undo skip ${about} --reason '…'   (leave it as it is)`,
    `bin/windlass undo done ${about} --reason '…'   (you did it by hand)`,
  ];
}
