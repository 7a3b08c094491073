import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { openExecutions } from './open-executions.ts';
import { isDeadHere } from './worker-identity.ts';

const started = 2; // temporal.api.enums.v1.PendingActivityState

/**
 * Fails the attempts of workers of this machine that are dead, so that Temporal gives out the next
 * ones now and not after a heartbeat timeout; answers how many. Nobody is judged from elsewhere.
 */
export async function giveUpDeadAttempts(client: Client): Promise<number> {
  let given = 0;
  for (const { workflowId, runId } of await openExecutions(client)) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const { activityId, activityType, state, lastWorkerIdentity } of raw.pendingActivities ??
      []) {
      const dead = Number(state) === started && (await isDeadHere(lastWorkerIdentity));
      if (!dead || !activityId) continue;
      const failure = died(activityType?.name ?? 'an activity');
      await client.activity.fail({ workflowId, runId, activityId }, failure).catch(() => undefined);
      given += 1;
    }
  }
  return given;
}

function died(activity: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `The worker died in ${activity}`,
    type: 'WORKER_DIED',
    details: [
      {
        why: 'its process was killed, or ran out of memory',
        fix: 'No action needed: it is retried.',
      },
    ],
  });
}
