import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { connectClient, temporalPlace } from './connect.ts';

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
  const client = await connectClient(await temporalPlace(home));
  try {
    const { closeTime } = await client.workflow.getHandle(workflowId, runId).describe();
    const left = (closeTime?.getTime() ?? 0) + toldAfterMs - Date.now();
    if (left > 0) await pause(left, undefined, { signal });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error; // forgotten: it is older than a day
  } finally {
    await client.connection.close();
  }
}
