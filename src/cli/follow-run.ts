import type { Client, WorkflowHandle } from '@temporalio/client';
import { exitCodeOf } from '../report.ts';
import type { Report } from '../report.ts';
import type { TemporalPlace } from '../temporal/connect.ts';
import { sayEnd } from './output/end.ts';
import { answerJson, say } from './output/say.ts';
import { runAddress } from './run-address.ts';
import { watchRun } from './watch-run.ts';

/** How the end is shown. */
export interface Show {
  readonly json?: true | undefined;
  /** What else is said of the report; before the last lines. */
  readonly onEnd?: (report: Report) => Promise<void>;
}

export interface RunToFollow {
  readonly workflowId: string;
  readonly runId: string;
  readonly temporal: TemporalPlace;
}

/** Watches a run that was started by whomever. */
export async function follow(
  client: Client,
  { workflowId, runId, temporal }: RunToFollow,
  { json, onEnd }: Show,
): Promise<number> {
  const address = runAddress(temporal, workflowId, runId);
  say(`watch it: ${address}`);
  const handle = client.workflow.getHandle(workflowId, runId);
  const report = await watchRun(client, handle);
  await onEnd?.(report);
  if (json) answerJson(report);
  else sayEnd(report, address, await tookOf(handle));
  return exitCodeOf(report);
}

/** How long a run has taken so far, or in all, in milliseconds. */
async function tookOf(handle: WorkflowHandle): Promise<number | undefined> {
  const seen = await handle.describe().catch(() => undefined); // the report is worth more
  return seen && (seen.closeTime ?? new Date()).getTime() - seen.startTime.getTime();
}
