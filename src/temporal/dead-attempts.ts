import { readlink } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { identify, isAlive, thisMachine } from '../terraform/process-identity.ts';

const started = 2; // temporal.api.enums.v1.PendingActivityState

/** What Temporal knows this worker by: a process that cannot be mistaken for a later one. */
export async function workerIdentity(): Promise<string> {
  const self = await identify(process.pid);
  return `${process.pid}.${self?.started ?? 0}@${await here()}`;
}

/**
 * Fails the attempts of workers of this machine that are dead, so that Temporal gives out the next
 * ones now and not after a heartbeat timeout; answers how many. Nobody is judged from elsewhere.
 */
export async function giveUpDeadAttempts(client: Client): Promise<number> {
  const machine = await here();
  let given = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: openOnes })) {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    for (const { activityId, activityType, state, lastWorkerIdentity } of raw.pendingActivities ??
      []) {
      const dead = Number(state) === started && (await isDead(lastWorkerIdentity, machine));
      if (!dead || !activityId) continue;
      const failure = died(activityType?.name ?? 'an activity');
      await client.activity.fail({ workflowId, runId, activityId }, failure).catch(() => undefined);
      given += 1;
    }
  }
  return given;
}

const openOnes = 'ExecutionStatus = "Running"';

async function isDead(identity: string | null | undefined, machine: string): Promise<boolean> {
  const [, pid, since, where] = /^(\d+)\.(\d+)@(.+)$/.exec(identity ?? '') ?? [];
  if (pid === undefined || since === undefined || where !== machine) return false;
  return !(await isAlive({ pid: Number(pid), started: since }));
}

/** This machine since its boot, and the process numbers that count here: a container has its own. */
async function here(): Promise<string> {
  const { host, boot } = await thisMachine();
  const numbers = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${host}/${boot.slice(0, 8)}/${numbers.replaceAll(/\D/g, '')}`;
}

function died(activity: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: `The worker died in ${activity}`,
    type: 'WORKER_DIED',
    details: [
      {
        why: 'its process was killed, or ran out of memory',
        fix: 'Nothing to do: it is tried again.',
      },
    ],
  });
}
