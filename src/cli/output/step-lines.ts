import type { StepProgress, StepStatus } from '../../step.ts';
import { spanOf } from './clock.ts';

/** Every status of a step in a word or two. */
export const statusWords: Readonly<Record<StepStatus, string>> = {
  waiting: '',
  running: 'begins',
  done: 'done',
  failed: 'FAILED',
  skipped: 'skipped',
  undoing: 'rolling back',
  undone: 'rolled back',
  kept: 'stays',
  stuck: 'UNDO STUCK',
  left: 'LEFT BEHIND',
};

const backward: ReadonlySet<StepStatus> = new Set(['undoing', 'undone', 'kept', 'stuck', 'left']);

/** Whether a step is on the way back. */
export function isUndo({ status }: Pick<StepProgress, 'status'>): boolean {
  return backward.has(status);
}

/**
 * The step as it failed on its way forward, also where its undo has overtaken that: the failure stays
 * with the step; that of a stuck undo is another.
 */
export function asFailed(step: StepProgress): StepProgress | undefined {
  if (!step.failure || step.status === 'stuck' || step.status === 'left') return undefined;
  return { ...step, status: 'failed' };
}

/** How long a step took on its way forward; empty while that is not known. */
export function tookOf({ status, startedAt, endedAt }: StepProgress): string {
  if (status !== 'done' && status !== 'failed') return '';
  return startedAt === undefined || endedAt === undefined ? '' : spanOf(endedAt - startedAt);
}

/** The other steps that run at this moment, by their ids. */
export function besides(step: StepProgress, all: readonly StepProgress[]): readonly string[] {
  if (step.status !== 'running') return [];
  return all.filter((one) => one.status === 'running' && one.id !== step.id).map(({ id }) => id);
}
