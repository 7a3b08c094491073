import type { Deploy, StateMark, Stored } from './deploy.ts';
import type { TreeFacts } from './tree-facts.ts';
import type { Act } from './words.ts';

/** What the ledger says of every run beside its outcome: what was approved, and what was before. */
export interface RunFacts {
  readonly approvedBy: string;
  /** What the release was made from. */
  readonly tree?: TreeFacts;
  readonly planDigest?: string;
  readonly statesBefore?: readonly StateMark[];
  readonly revisionsBefore?: Readonly<Record<string, string | null>>;
  readonly backup?: Stored;
  /** Who did what to the run, and how that was checked. */
  readonly acts?: readonly Act[];
}

/** The facts among all that a run knows by now. */
export function factsOf(d: Deploy): RunFacts {
  const { approvedBy, tree, plan, revisionsBefore, backup, acts } = d;
  return {
    approvedBy: approvedBy ?? 'not asked for',
    ...(tree && { tree }),
    ...(plan && { planDigest: plan.digest, statesBefore: plan.states }),
    ...(revisionsBefore && { revisionsBefore }),
    ...(backup && { backup }),
    ...(acts && { acts }),
  };
}
