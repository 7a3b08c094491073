import type { Deploy, StateMark, Stored } from './deploy.ts';
import type { Act } from './words.ts';

/** What the ledger says of every run beside its outcome: what was approved, and what was before. */
export interface RunFacts {
  readonly approvedBy: string;
  readonly planDigest?: string;
  readonly statesBefore?: readonly StateMark[];
  readonly revisionsBefore?: Readonly<Record<string, string | null>>;
  readonly backup?: Stored;
  /** Who did what to the run, and how that was checked. */
  readonly acts?: readonly Act[];
}

/** The facts among all that a run knows by now. */
export function factsOf({ approvedBy, plan, revisionsBefore, backup, acts }: Deploy): RunFacts {
  return {
    approvedBy: approvedBy ?? 'not asked for',
    ...(plan && { planDigest: plan.digest, statesBefore: plan.states }),
    ...(revisionsBefore && { revisionsBefore }),
    ...(backup && { backup }),
    ...(acts && { acts }),
  };
}
