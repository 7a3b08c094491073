import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Verdict } from '../src/unwind.ts';
import type { Report } from '../src/report.ts';
import type { Spoken } from '../src/words.ts';

/** Asks a run how far it is; answered while it runs and after. */
export const reportQuery = defineQuery<Report>('report');

export interface Approval extends Spoken {
  readonly digest: string;
}

/** Approves exactly the plan of that digest; refused for any other. */
export const approveUpdate = defineUpdate<void, [Approval]>('approve');

export interface UndoVerdict extends Spoken {
  readonly step: string;
  readonly verdict: Verdict;
}

/** Says what to do about an undo that could not finish. */
export const undoUpdate = defineUpdate<void, [UndoVerdict]>('undo');

export interface StopRequest extends Spoken {
  readonly reason: string;
}

/** Stops a run that is under way and winds it back. */
export const stopUpdate = defineUpdate<void, [StopRequest]>('stop');
