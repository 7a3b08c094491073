import type { Report } from './report.ts';
import { stepsTouched } from './touched.ts';

/** How a run ended, for the ledger. */
export interface Ending {
  readonly kind: Report['kind'];
  readonly outcome: Report['outcome'];
  readonly failedStep?: string;
  /** Code and words of what failed. */
  readonly failure?: string;
  /** What was left behind, with the operator's reason. */
  readonly left: readonly string[];
  /** Per step that was begun: what became of its undo. */
  readonly undo: Readonly<Record<string, string>>;
  /** Seconds that each step took. */
  readonly seconds: Readonly<Record<string, number>>;
}

/** The ending that a report tells. */
export function endingOf(report: Report): Ending {
  const { kind, outcome, failedStep, failure, left, steps } = report;
  const timed = steps.flatMap(({ id, startedAt, endedAt }) =>
    startedAt !== undefined && endedAt !== undefined
      ? [[id, Math.round((endedAt - startedAt) / 100) / 10] as const]
      : [],
  );
  const undone = outcome === 'succeeded' ? [] : stepsTouched(steps);
  return {
    kind,
    outcome,
    ...(failedStep !== undefined && { failedStep }),
    ...(failure && { failure: `${failure.code}: ${failure.what}` }),
    left: left.map(({ step, reason }) => `${step}: ${reason}`),
    undo: Object.fromEntries(undone.map(({ id, status }) => [id, status])),
    seconds: Object.fromEntries(timed),
  };
}
