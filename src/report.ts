import type { Plan } from './deploy.ts';
import type { FailureText } from './failure.ts';
import type { Outcome } from './saga.ts';
import type { StepProgress } from './step.ts';
import type { TreeFacts } from './tree-facts.ts';
import type { LeftBehind } from './unwind.ts';
import type { Act } from './words.ts';

/** What a run says of itself, while it goes on and when it has ended. */
export interface Report {
  readonly kind: 'deploy' | 'rollback' | 'recover' | 'reconcile' | 'destroy';
  readonly environment: string;
  readonly release?: string;
  /** What that release was made from. */
  readonly tree?: TreeFacts;
  /** Only the plan was asked for: the other steps were never to run. */
  readonly planOnly?: true;
  readonly outcome: Outcome | 'running' | 'rejected' | 'parked' | 'waiting-for-approval';
  readonly steps: readonly StepProgress[];
  readonly plan?: Plan;
  readonly failedStep?: string;
  readonly failure?: FailureText;
  readonly left: readonly LeftBehind[];
  readonly kept: readonly string[];
  /** What differs from before though every undo ended well. */
  readonly differs?: readonly string[];
  /** Live tables that the migrations locked, how and for about how long on the copy. */
  readonly locks?: readonly string[];
  readonly urls?: Readonly<Record<string, string>>;
  /** Who did what to the run, and how that was checked. */
  readonly acts?: readonly Act[];
  /** The step whose undo waits for an operator. */
  readonly parkedAt?: string;
}

/**
 * Exit codes of the command line: 0 done, 3 nothing touched, 4 failed and rolled back,
 * 5 something left behind, 6 where somebody else is at it, 8 waiting for approval; 1, 2, 7 and 130 are
 * given where they arise.
 */
export function exitCodeOf({ outcome, failedStep, failure }: Ended): number {
  const untouched = outcome === 'rejected' || failedStep === 'locks';
  if (untouched && byOthers.has(failure?.code ?? '')) return 6;
  return exitCodes[outcome];
}

type Ended = Pick<Report, 'outcome' | 'failedStep' | 'failure'>;

/** Refusals that say that somebody else is at it. */
const byOthers: ReadonlySet<string> = new Set([
  'ENVIRONMENT_BUSY',
  'PLAN_OUTDATED',
  'STATE_LOCKED',
]);

const exitCodes: Readonly<Record<Report['outcome'], number>> = {
  succeeded: 0,
  rejected: 3,
  'rolled-back': 4,
  'rolled-back-except': 5,
  'failed-past-pivot': 5,
  parked: 5,
  running: 130,
  'waiting-for-approval': 8,
};
