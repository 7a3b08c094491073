import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Verdict } from '../src/unwind.ts';
import type { Report } from '../src/report.ts';

/** Asks a run how far it is; answered while it runs and after. */
export const reportQuery = defineQuery<Report>('report');

export interface Approval {
  readonly digest: string;
  readonly actor: string;
}

/** Approves exactly the plan of that digest; refused for any other. */
export const approveUpdate = defineUpdate<void, [Approval]>('approve');

export interface UndoVerdict {
  readonly step: string;
  readonly verdict: Verdict;
  readonly actor: string;
}

/** Says what to do about an undo that could not finish. */
export const undoUpdate = defineUpdate<void, [UndoVerdict]>('undo');

export interface StopRequest {
  readonly reason: string;
  readonly actor: string;
}

/** Stops a run that is under way and winds it back. */
export const stopUpdate = defineUpdate<void, [StopRequest]>('stop');
