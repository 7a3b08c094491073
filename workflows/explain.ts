import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { unexpected } from '../src/failure.ts';
import type { FailureText } from '../src/failure.ts';
import type { Report } from '../src/report.ts';

/** The text of whatever an activity or a wait threw; our own failures keep their words. */
export function explain(error: unknown): FailureText {
  if (error instanceof ActivityFailure && error.cause) return explain(error.cause);
  if (error instanceof CancelledFailure)
    return {
      code: 'CANCELLED',
      what: 'The run was cancelled',
      why: 'It was cancelled or stopped by a user.',
      fix: 'No action needed: the steps that had started were rolled back.',
    };
  if (error instanceof TimeoutFailure)
    return {
      code: 'TIMED_OUT',
      what: `The step timed out (${error.timeoutType})`,
      why: 'Its worker died, or the cloud took longer than the step allows.',
      fix: 'Check the worker and the cloud, then run the command again.',
    };
  if (error instanceof ApplicationFailure) return ofApplication(error);
  return {
    code: 'UNEXPECTED',
    what: error instanceof Error ? error.message : String(error),
    why: unexpected,
    fix: 'Check the run in the Temporal UI and the log of the worker.',
  };
}

/** The same for a run of one kind: all but a deploy stay where they are when they are stopped. */
export function explainFor(kind: Report['kind']): (error: unknown) => FailureText {
  return (error) => {
    const text = explain(error);
    if (kind === 'deploy' || text.code !== 'CANCELLED') return text;
    return { ...text, fix: `${again[kind]}: it continues from where it stopped.` };
  };
}

/** A stop whose outcome is known: only what was wound back is said to be. */
export function explainStop(
  text: FailureText,
  { kind, environment, outcome }: Pick<Report, 'kind' | 'environment' | 'outcome'>,
): FailureText {
  if (kind !== 'deploy' || text.code !== 'CANCELLED') return text;
  if (outcome === 'failed-past-pivot')
    return {
      ...text,
      fix: `The traffic had moved, and nothing was rolled back: \`make ${environment}-recover ARGS=--reconcile\` rolls it back.`,
    };
  if (outcome === 'rolled-back-except')
    return { ...text, fix: 'What had started was rolled back, except for what is listed below.' };
  return text;
}

const again = {
  rollback: 'Roll back again',
  recover: 'Recover again',
  reconcile: 'Reconcile again (`recover --reconcile`)',
  destroy: 'Destroy again',
};

function ofApplication(error: ApplicationFailure): FailureText {
  const [details] = error.details ?? [];
  const { why, fix } = isText(details) ? details : { why: '', fix: '' };
  return {
    code: error.type ?? 'UNEXPECTED',
    what: error.message,
    why: why || unexpected,
    fix: fix || 'Check the run in the Temporal UI and the log of the worker.',
  };
}

function isText(value: unknown): value is { readonly why: string; readonly fix: string } {
  return typeof value === 'object' && value !== null && 'why' in value && 'fix' in value;
}
