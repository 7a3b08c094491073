import { setTimeout as pause } from 'node:timers/promises';
import { lendClient } from './lend-client.ts';
import { lookUpRun } from './look-up-run.ts';

/** Milliseconds until every activity has been told: two beats of the worker and some air. */
export const toldAfterMs = 10_000;

interface DeadRun {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * Waits until nothing of a terminated run acts any more: the server forgets its activities at once,
 * but a worker learns so only by its next heartbeat. Needs no wait for a run that ended long ago.
 */
export async function awaitSilence(
  home: string,
  { workflowId, runId }: DeadRun,
  signal: AbortSignal,
): Promise<void> {
  const run = await lendClient(home, (client) => lookUpRun(client, workflowId, runId));
  if (!run) return; // forgotten: it is older than a day
  const left = (run.closeTime?.getTime() ?? 0) + toldAfterMs - Date.now();
  if (left > 0) await pause(left, undefined, { signal });
}
