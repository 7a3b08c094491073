import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { Failure } from '../failure.ts';
import { projectPlace } from '../place.ts';
import type { Report } from '../report.ts';
import { openFeed } from './feed.ts';
import { isFinal } from './final.ts';
import { keepGoing } from './keep-going.ts';
import { isLive, showProgress } from './output/progress.ts';
import { patiently } from './patiently.ts';
import { askReport, lastReport } from './report-of.ts';
import { runSilent } from './run-silent.ts';
import { retriesOf } from './retries.ts';
import { stopWatching } from './stop-watching.ts';
import { waitsOf } from './waits.ts';
import { held } from '../held.ts';

const lookEveryMs = 250;
const lastAnswersMs = 10_000; // a question has 5 s
const silences = 5; // of a run that has closed: only its code could say more

/** Shows a run until it ends, is parked, or waits for an approval; Ctrl-C ends the watching alone. */
export async function watchRun(client: Client, handle: WorkflowHandle): Promise<Report> {
  const feed = openFeed();
  const shown = held(showProgress(feed));
  const watching = stopWatching(handle.workflowId);
  const keeping = keepGoing(projectPlace());
  const over = new AbortController();
  const following = held(follow(client, handle, { feed, keeping, signal: over.signal }));
  try {
    const report = await Promise.race([following, keeping.vain]);
    feed.end();
    await shown;
    return report;
  } finally {
    keeping.stop();
    watching.stop();
    feed.end();
    over.abort();
    // A question that is asked again after its connection was closed ends the process.
    const settled = following.catch(() => undefined);
    await Promise.race([settled, pause(lastAnswersMs, undefined, { ref: false })]);
  }
}

interface Around {
  readonly feed: ReturnType<typeof openFeed>;
  readonly keeping: ReturnType<typeof keepGoing>;
  readonly signal: AbortSignal;
}

async function follow(
  client: Client,
  handle: WorkflowHandle,
  { feed, keeping, signal }: Around,
): Promise<Report> {
  const tellRetries = retriesOf(handle);
  const tellWaits = waitsOf(handle, isLive() ? feed.does : undefined);
  const ask = patiently(handle);
  using looks = looksOf(client, handle);
  let before = '';
  let read = '';
  let last: Report | undefined;
  for (let silent = 0; ; await looks.next()) {
    signal.throwIfAborted();
    // Asked first: the report after it is the last one.
    const description = await ask(() => handle.describe());
    const closed = hasClosed(handle, description);
    await tellRetries(description);
    await tellWaits(description);
    const ended = closed ? await lastReport(handle) : undefined;
    // What it says of itself follows from its history alone.
    const length = String(description.raw.workflowExecutionInfo?.historyLength);
    if (length !== read || closed) last = ended ?? (await askReport(client, handle));
    read = last ? length : '';
    const report = last;
    silent = closed && report === undefined ? silent + 1 : 0;
    if (silent > silences) throw runSilent(handle.workflowId.split('/').at(-1) ?? '', {});
    if (report === undefined) continue;
    const now = report.steps.map(({ status }) => status).join();
    if (now !== before) keeping.progressed();
    before = now;
    feed.push(report);
    if (isFinal(report, closed)) return report;
  }
}

/** Waits until the next look is due, or the run has ended. */
function looksOf(client: Client, handle: WorkflowHandle) {
  const left = new AbortController();
  let over = false;
  const end = client
    .withAbortSignal(left.signal, () => handle.result())
    .catch(() => undefined)
    .then(() => (over = true));
  const next = (): Promise<unknown> =>
    over ? pause(lookEveryMs) : Promise.race([pause(lookEveryMs), end]);
  return { next, [Symbol.dispose]: () => left.abort() };
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
    why: 'a terminated run ends at once and runs no undo; what it had started stays',
    fix: `Run \`make ${environment}-recover ARGS=--reconcile\`: it rolls back what was started.`,
  });
}
