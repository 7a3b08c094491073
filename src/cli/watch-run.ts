import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { Failure } from '../failure.ts';
import { projectPlace } from '../place.ts';
import type { Report } from '../report.ts';
import { openFeed } from './feed.ts';
import { isFinal } from './final.ts';
import { keepGoing } from './keep-going.ts';
import { showProgress } from './output/progress.ts';
import { patiently } from './patiently.ts';
import { retriesOf } from './retries.ts';
import { stopWatching } from './stop-watching.ts';
import { waitsOf } from './waits.ts';
import { held } from '../held.ts';

const lookEveryMs = 250;
const answerWithinMs = 3000;

/** Shows a run until it ends, is parked, or waits for an approval; Ctrl-C ends the watching alone. */
export async function watchRun(handle: WorkflowHandle): Promise<Report> {
  const feed = openFeed();
  const shown = held(showProgress(feed));
  const watching = stopWatching(handle.workflowId);
  const keeping = keepGoing(projectPlace());
  try {
    const report = await Promise.race([held(follow(handle, { feed, keeping })), keeping.vain]);
    feed.end();
    await shown;
    return report;
  } finally {
    keeping.stop();
    watching.stop();
    feed.end();
  }
}

interface Around {
  readonly feed: ReturnType<typeof openFeed>;
  readonly keeping: ReturnType<typeof keepGoing>;
}

async function follow(handle: WorkflowHandle, { feed, keeping }: Around): Promise<Report> {
  const tellRetries = retriesOf(handle);
  const tellWaits = waitsOf(handle);
  const ask = patiently(handle);
  let before = '';
  for (;;) {
    // Asked first: the report after it is the last one.
    const description = await ask(() => handle.describe());
    const closed = hasClosed(handle, description);
    await tellRetries(description);
    await tellWaits(description);
    const report = await look(handle);
    if (report) {
      const now = report.steps.map(({ status }) => status).join();
      if (now !== before) keeping.progressed();
      before = now;
      feed.push(report);
      if (isFinal(report, closed)) return report;
    }
    await pause(lookEveryMs);
  }
}

/** The run's report; undefined while no worker answers. */
async function look(handle: WorkflowHandle): Promise<Report | undefined> {
  try {
    return await handle.client.withDeadline(Date.now() + answerWithinMs, () =>
      handle.query<Report>('report'),
    );
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
