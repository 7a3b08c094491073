import type { Client, WorkflowHandle } from '@temporalio/client';
import { siteOf } from '../endpoints.ts';
import { projectPlace } from '../place.ts';
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
  const page = await pageOf(report, { runId, address });
  if (json) answerJson(report);
  else sayEnd(report, { address, tookMs: await tookOf(handle), page });
  return exitCodeOf(report);
}

/** Where the page of a run that has ended was written; a report is worth more than its page. */
async function pageOf(
  report: Report,
  run: { readonly runId: string; readonly address: string },
): Promise<string | undefined> {
  if (report.outcome === 'running') return undefined;
  try {
    const { factsOf } = await import('./page/facts-of.ts'); // needed once, at the end
    const { writePage } = await import('./page/write-page.ts');
    const site = await siteOf(projectPlace(), report.environment);
    return await writePage(projectPlace().home, await factsOf(site, { ...run, report }));
  } catch {
    return undefined;
  }
}

/** How long a run has taken so far, or in all, in milliseconds. */
async function tookOf(handle: WorkflowHandle): Promise<number | undefined> {
  const seen = await handle.describe().catch(() => undefined); // the report is worth more
  return seen && (seen.closeTime ?? new Date()).getTime() - seen.startTime.getTime();
}
