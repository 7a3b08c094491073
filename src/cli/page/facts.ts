import type { Report } from '../../report.ts';
import type { PlanDetails } from '../../planning/plan-details.ts';
import type { LedgerEntry } from '../../releases/ledger-entry.ts';

/** All that the page of a run shows. */
export interface PageFacts {
  readonly runId: string;
  readonly report: Report;
  /** What became of it, in one line. */
  readonly headline: string;
  /** The plan in full, where it was made and can still be read. */
  readonly details?: PlanDetails | undefined;
  /** The environment's ledger up to this run, oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** Where the run is in the Temporal UI. */
  readonly address?: string | undefined;
  /** What to type next, a command each. */
  readonly next: readonly string[];
}
