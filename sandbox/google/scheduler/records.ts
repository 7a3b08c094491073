import { z } from 'zod';
import type { Collection, World } from '../../world.ts';
import { invalid, notFound } from '../http.ts';
import { isTimeZone, nextTime, readSchedule } from '../../../src/schedule.ts';

const Token = z.looseObject({ serviceAccountEmail: z.string() });

/** What calls something at stated times, in the fields that its clients own. */
export const ScheduledFields = z.looseObject({
  description: z.string().optional(),
  schedule: z.string(),
  timeZone: z.string().default('Etc/UTC'),
  httpTarget: z
    .looseObject({
      uri: z.string(),
      httpMethod: z.string().default('POST'),
      body: z.string().optional(),
      headers: z.record(z.string(), z.string()).optional(),
      oauthToken: Token.optional(),
      oidcToken: z.looseObject({ ...Token.shape, audience: z.string().optional() }).optional(),
    })
    .optional(),
});

export const Scheduled = z.object({
  name: z.string(),
  fields: ScheduledFields,
  state: z.enum(['ENABLED', 'PAUSED']),
  userUpdateTime: z.string(),
  scheduleTime: z.string().optional(),
  lastAttemptTime: z.string().optional(),
  /** A code of google.rpc of the last attempt; 0 = well. */
  status: z.object({ code: z.number(), message: z.string().optional() }).optional(),
});
export type Scheduled = z.infer<typeof Scheduled>;

/** Every job of Cloud Scheduler, by relative name. */
export const scheduledJobs = (world: World): Collection<Scheduled> =>
  world.collection('scheduler-jobs', Scheduled);

/** The job of that relative name, or NOT_FOUND. */
export function scheduledNamed(world: World, name: string): Scheduled {
  const found = scheduledJobs(world).get(name);
  if (found !== undefined) return found;
  throw notFound('Job not found.');
}

/** When a job is due after `after`; INVALID_ARGUMENT for a schedule or zone that there is not. */
export function dueAfter({ fields }: Pick<Scheduled, 'fields'>, after: Date): string | undefined {
  const schedule = readSchedule(fields.schedule);
  if (typeof schedule === 'string' || !isTimeZone(fields.timeZone))
    throw invalid('Schedule or time zone is invalid.');
  return nextTime(schedule, fields.timeZone, after)?.toISOString();
}
