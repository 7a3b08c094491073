import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';

/** Which run of which workflow. */
export interface RunOf {
  readonly workflowId: string;
  readonly runId: string;
}

const attempts = 10;
const betweenMs = 2000;

/** The result of a run. A poll that Temporal did not answer is sent again: the run goes on. */
export async function resultOf<T>(client: Client, { workflowId, runId }: RunOf): Promise<T> {
  const handle = client.workflow.getHandle<() => Promise<T>>(workflowId, runId);
  for (let attempt = 1; ; attempt += 1)
    try {
      return await handle.result();
    } catch (error) {
      const unanswered = error instanceof ServiceError || isGrpcServiceError(error);
      if (!unanswered || attempt === attempts) throw error;
      await pause(betweenMs);
    }
}
