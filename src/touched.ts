import type { StepProgress } from './step.ts';

const onlyLook: ReadonlySet<string> = new Set(['plan', 'check', 'approve', 'record']);

/** The steps that began and may have left something; those that only look are left out. */
export function stepsTouched(steps: readonly StepProgress[]): readonly StepProgress[] {
  return steps.filter(
    ({ id, status }) => !onlyLook.has(id) && status !== 'waiting' && status !== 'skipped',
  );
}
