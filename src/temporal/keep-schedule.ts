import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import type { Client, ScheduleDescription, ScheduleOptions } from '@temporalio/client';

/** Begins the schedule; one of that name is replaced. */
export async function beginSchedule(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await endSchedule(client, options.scheduleId);
    await client.schedule.create(options);
  }
}

/** Ends the schedule; what it started goes on. Answers whether there was one. */
export async function endSchedule(client: Client, scheduleId: string): Promise<boolean> {
  const ending = client.schedule.getHandle(scheduleId).delete();
  return (await unlessUnknown(ending.then(() => true))) ?? false;
}

/** The schedule as Temporal knows it; undefined where it is off. */
export async function findSchedule(
  client: Client,
  scheduleId: string,
): Promise<ScheduleDescription | undefined> {
  return unlessUnknown(client.schedule.getHandle(scheduleId).describe());
}

async function unlessUnknown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}
