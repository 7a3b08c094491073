import { proxyActivities } from '@temporalio/workflow';

type Activity = (input: object) => Promise<unknown>;

/** A workflow of somebody else, on a queue of their own, that asks another queue's workers for work. */
export async function rogue(taskQueue: string, activity: string, input: object): Promise<unknown> {
  const theirs = proxyActivities<Record<string, Activity>>({
    taskQueue,
    startToCloseTimeout: '30 seconds',
    retry: { maximumAttempts: 1 },
  });
  return theirs[activity]?.(input);
}
