import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Place } from '../endpoints.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { obtainBundle } from '../temporal/versions/obtain.ts';
import { describedRun, queueNow } from '../temporal/versions/open-runs.ts';
import type { OpenRun } from '../temporal/versions/open-runs.ts';
import { nothingRuns, runSilent } from './run-silent.ts';
import { workflowIdOf } from './workflow-id.ts';
import { ensureAnyWorker } from './worker-process.ts';

/**
 * The open run that holds an environment, once a worker serves its code. A Failure says that none
 * runs, why its code cannot be had, or that no worker serves it.
 */
export async function reachRun(
  client: Client,
  place: Place,
  environment: string,
): Promise<{ readonly handle: WorkflowHandle; readonly runId: string }> {
  const described = await lookUpRun(client, workflowIdOf(environment));
  if (!described) throw nothingRuns(environment);
  const state = described.status.name;
  if (state !== 'RUNNING') throw nothingRuns(environment, state.toLowerCase());
  await ensureAnyWorker(place);
  await requireServed(client, place, { ...describedRun(described), environment });
  const { workflowId, runId } = described;
  return { handle: client.workflow.getHandle(workflowId, runId), runId };
}

const patienceMs = 20_000; // a worker looks for open runs every five seconds
const betweenMs = 250;

async function requireServed(
  client: Client,
  place: Place,
  { environment, ...run }: OpenRun & { readonly environment: string },
): Promise<void> {
  const { buildId } = run;
  if (buildId === undefined) return; // its next task goes to the current worker
  for (const until = Date.now() + patienceMs; ; await pause(betweenMs)) {
    if ((await queueNow(client)).served.has(buildId)) return;
    await obtainBundle(place, buildId, [run]);
    if (Date.now() > until) throw runSilent(environment, { buildId });
  }
}
