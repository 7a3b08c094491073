import type { StepStatus } from './step.ts';

/** How a step stands, for whoever sees it at rest: the UI's details and a run's page. */
export const stepWords: Readonly<Record<StepStatus, string>> = {
  waiting: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  undoing: 'rolling back',
  undone: 'rolled back',
  kept: 'stays',
  stuck: 'needs a decision',
  left: 'left as it is',
};

/** Of one that a run has ended without. */
export const notReached = 'not reached';
