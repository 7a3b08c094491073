import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { Failure } from '../failure.ts';
import { projectPlace } from '../place.ts';
import type { Report } from '../report.ts';
import { openFeed } from './feed.ts';
import { isFinal } from './final.ts';
import { showProgress } from './output/progress.ts';
import { retriesOf } from './retries.ts';
import { stopWatching } from './stop-watching.ts';
import { watchWorker } from './watch-worker.ts';
import { held } from '../held.ts';
import { waitsOf } from './waits.ts';

const lookEveryMs = 250;

/** Shows a run until it ends, is parked, or waits for an approval; Ctrl-C ends the watching alone. */
export async function watchRun(handle: WorkflowHandle): Promise<Report> {
  const feed = openFeed();
  const shown = held(showProgress(feed));
  const watching = stopWatching(handle.workflowId);
  const worker = watchWorker(projectPlace());
  const tellRetries = retriesOf(handle);
  const tellWaits = waitsOf(handle);
  try {
    for (;;) {
      // Asked first: the report after it is the last one.
      const description = await handle.describe();
      const closed = hasClosed(handle, description);
      await tellRetries(description);
      await tellWaits(description);
      const report = await look(handle);
      if (report) feed.push(report);
      if (!closed) await worker.look();
      if (report && isFinal(report, closed)) {
        feed.end();
        await shown;
        return report;
      }
      await pause(lookEveryMs);
    }
  } finally {
    watching.stop();
    feed.end();
  }
}

/** The run's report; undefined while no worker answers. */
async function look(handle: WorkflowHandle): Promise<Report | undefined> {
  try {
    return await handle.query<Report>('report');
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowFailedError) throw error;
    return undefined; // no worker at this moment: it comes back, or the run ends by itself
  }
}

/** Whether it has ended; a terminated run never says so itself: none of its code runs any more. */
function hasClosed(
  handle: WorkflowHandle,
  { status, type }: WorkflowExecutionDescription,
): boolean {
  if (status.name !== 'TERMINATED' && status.name !== 'TIMED_OUT') return status.name !== 'RUNNING';
  const environment = handle.workflowId.split('/').at(-1);
  throw new Failure({
    code: 'RUN_TERMINATED',
    what: `The ${type} of ${environment} was terminated: none of its undos ran`,
    why: 'a terminated run ends at once, and no more of its code runs; what it had begun stays',
    fix: `Run \`make ${environment}-recover ARGS=--reconcile\`: it winds back what was begun.`,
  });
}
