import { upsertSearchAttributes } from '@temporalio/workflow';
import type { Deploy } from '../src/deploy.ts';
import type { Report } from '../src/report.ts';
import type { StepProgress } from '../src/step.ts';
import { environmentKey, phaseKey, releaseKey } from './search-attributes.ts';

/** The one word for where a run is: the step under way, or the way it goes. */
export function phaseOf(steps: readonly StepProgress[]): string {
  const stuck = steps.find((step) => step.status === 'stuck');
  if (stuck) return `parked:${stuck.id}`;
  const undoing = steps.find((step) => step.status === 'undoing');
  if (undoing) return `undo:${undoing.id}`;
  return steps.find((step) => step.status === 'running')?.id ?? 'between';
}

/** How a run ended; of a plan that it was one. */
export function lastPhase({ planOnly, outcome }: Report): string {
  return planOnly && outcome === 'succeeded' ? 'planned' : outcome;
}

/** Tells the server where a run is, for its lists of runs. */
export function tellPhase(known: Deploy, phase: string): void {
  upsertSearchAttributes([
    { key: environmentKey, value: known.environment },
    { key: phaseKey, value: phase },
    ...(known.bundle ? [{ key: releaseKey, value: known.bundle.id }] : []),
  ]);
}
