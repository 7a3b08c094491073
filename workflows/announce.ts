import type { Deploy } from '../src/deploy.ts';
import type { FailureText } from '../src/failure.ts';
import type { Report } from '../src/report.ts';
import { measureDone, measureRun } from './measures.ts';
import { tell } from './notices.ts';

interface Parked {
  readonly kind: Report['kind'];
  readonly known: Deploy;
}

/** What failed and what is left, to the webhook; the figures of every end, to the metrics. */
export async function announceEnd(report: Report, known: Deploy): Promise<void> {
  measureRun(report);
  if (report.steps.some(({ id, status }) => id === 'backup' && status === 'done'))
    measureDone('backup', report.environment);
  if (report.outcome === 'succeeded' || report.outcome === 'rejected') return;
  const { runId } = known;
  const { kind, environment, outcome, failedStep, failure, left } = report;
  const lines = [
    `${kind} ${outcome} at ${failedStep ?? '?'}: ${failure?.what ?? 'unknown'}`,
    ...(failure ? [`why: ${failure.why.slice(0, 500)}`, `fix: ${failure.fix}`] : []),
    ...left.map(({ step, reason }) => `left behind at ${step}: ${reason}`),
  ];
  await tell({ kind: 'run', environment, outcome, lines, runId }, known);
}

/** A run that waits for an operator's word: the one notice that cannot wait for the end. */
export async function announceParked(
  { kind, known }: Parked,
  step: string,
  { what, why }: FailureText,
): Promise<void> {
  const { environment, runId } = known;
  const lines = [
    `the undo of ${step} (${kind}) needs your decision: ${what}`,
    `why: ${why.slice(0, 500)}`,
    `fix: bin/windlass undo retry ${step} -e ${environment}`,
  ];
  await tell({ kind: 'run', environment, outcome: 'parked', lines, runId }, known);
}
