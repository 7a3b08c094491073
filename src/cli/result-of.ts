import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { held } from '../held.ts';
import { projectPlace } from '../place.ts';
import { retriesOf } from './retries.ts';
import { waitsOf } from './waits.ts';
import { keepGoing } from './keep-going.ts';

/** Which run of which workflow. */
export interface RunOf {
  readonly workflowId: string;
  readonly runId: string;
}

const attempts = 10;
const betweenMs = 2000;
const lookEveryMs = 500;

/** The result of a run; its worker is watched over meanwhile. A poll that Temporal did not answer is sent again: the run goes on. */
export async function resultOf<T>(client: Client, { workflowId, runId }: RunOf): Promise<T> {
  const handle = client.workflow.getHandle<() => Promise<T>>(workflowId, runId);
  const keeping = keepGoing(projectPlace());
  const tellRetries = retriesOf(handle);
  const tellWaits = waitsOf(handle);
  const look = async (): Promise<void> => {
    const description = await handle.describe();
    await tellRetries(description);
    await tellWaits(description);
  };
  try {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await Promise.race([held(beside(handle.result(), look)), keeping.vain]);
      } catch (error) {
        const unanswered = error instanceof ServiceError || isGrpcServiceError(error);
        if (!unanswered || attempt === attempts) throw error;
        await pause(betweenMs);
      }
  } finally {
    keeping.stop();
  }
}

/** Waits for a result; a worker that ends meanwhile is replaced, or its cause is thrown. */
async function beside<T>(result: Promise<T>, look: () => Promise<void>): Promise<T> {
  const state = { ended: false };
  const over = held(result.finally(() => (state.ended = true)));
  const watching = async (): Promise<T> => {
    while (!state.ended) {
      await look();
      await Promise.race([held(over.catch(() => undefined)), pause(lookEveryMs)]);
    }
    return over;
  };
  return Promise.race([over, watching()]);
}
