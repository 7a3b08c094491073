import type { Report } from '../../report.ts';
import type { StepProgress } from '../../step.ts';

/** The steps worth a line: where only a plan was asked for, the others are no news. */
export function shownSteps({ planOnly, steps }: Report): readonly StepProgress[] {
  return planOnly ? steps.filter(({ id }) => id === 'plan') : steps;
}
