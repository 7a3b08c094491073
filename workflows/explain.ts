import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { FailureText } from '../src/failure.ts';
import type { Report } from '../src/report.ts';

/** The text of whatever an activity or a wait threw; our own failures keep their words. */
export function explain(error: unknown): FailureText {
  if (error instanceof ActivityFailure && error.cause) return explain(error.cause);
  if (error instanceof CancelledFailure)
    return {
      code: 'CANCELLED',
      what: 'The run was cancelled',
      why: 'Somebody cancelled or stopped it.',
      fix: 'Nothing to mend: what had begun was wound back.',
    };
  if (error instanceof TimeoutFailure)
    return {
      code: 'TIMED_OUT',
      what: `The step did not answer in time (${error.timeoutType})`,
      why: 'Its worker died, or the cloud took longer than the step may take.',
      fix: 'Look at the worker and at the cloud, then run the command again.',
    };
  if (error instanceof ApplicationFailure) return ofApplication(error);
  return {
    code: 'UNEXPECTED',
    what: error instanceof Error ? error.message : String(error),
    why: 'Windlass did not foresee this error.',
    fix: 'Look at the run in the Temporal UI and at the log of the worker.',
  };
}

/** The same for a run of one kind: all but a deploy stay where they are when they are stopped. */
export function explainFor(kind: Report['kind']): (error: unknown) => FailureText {
  return (error) => {
    const text = explain(error);
    if (kind === 'deploy' || text.code !== 'CANCELLED') return text;
    return { ...text, fix: `${again[kind]}: it goes on from where it was stopped.` };
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
      fix: `The traffic had moved, and nothing was wound back: \`make ${environment}-recover ARGS=--reconcile\` winds it back.`,
    };
  if (outcome === 'rolled-back-except')
    return { ...text, fix: 'What had begun was wound back, but for what is named below.' };
  return text;
}

const again = {
  rollback: 'Roll back again',
  recover: 'Recover again',
  reconcile: 'Reconcile again (`recover --reconcile`)',
};

function ofApplication(error: ApplicationFailure): FailureText {
  const [details] = error.details ?? [];
  const { why, fix } = isText(details) ? details : { why: '', fix: '' };
  return {
    code: error.type ?? 'UNEXPECTED',
    what: error.message,
    why: why || 'Windlass did not foresee this error.',
    fix: fix || 'Look at the run in the Temporal UI and at the log of the worker.',
  };
}

function isText(value: unknown): value is { readonly why: string; readonly fix: string } {
  return typeof value === 'object' && value !== null && 'why' in value && 'fix' in value;
}
