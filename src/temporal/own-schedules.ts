import type { ScheduleDescription } from '@temporalio/client';
import { z } from 'zod';
import type { Site } from '../site.ts';
import { endSchedule, findSchedule } from './keep-schedule.ts';
import { lendClient } from './lend-client.ts';
import { kinds, scheduleIdOf } from './schedule-ids.ts';

/** A schedule with an environment's name, in the Temporal of this machine or worker. */
export interface NamedSchedule {
  readonly id: string;
  /** The Google project that its runs are about, where that is not the environment's. */
  readonly foreign?: string;
}

/** The schedules that have the environment's name; those of before they carried an address are its own. */
export async function namedSchedules(site: Site): Promise<readonly NamedSchedule[]> {
  return lendClient(site.home, async (client) => {
    const ids = kinds.map((kind) => scheduleIdOf(kind, site.name));
    const found = await Promise.all(
      ids.map(async (id) => ({ id, seen: await findSchedule(client, id) })),
    );
    return found.flatMap(({ id, seen }) => (seen ? [judged(id, seen, site)] : []));
  });
}

/** Ends the environment's own schedules; none there is a success. */
export async function endOwnSchedules(site: Site): Promise<void> {
  const own = (await namedSchedules(site)).filter(({ foreign }) => foreign === undefined);
  await lendClient(site.home, async (client) => {
    for (const { id } of own) await endSchedule(client, id);
  });
}

const Request = z.object({ address: z.object({ project: z.string() }).optional() });

function judged(id: string, { action }: ScheduleDescription, site: Site): NamedSchedule {
  const asked = action.type === 'startWorkflow' ? action.args?.[0] : undefined;
  const project = Request.safeParse(asked).data?.address?.project;
  const own = project === undefined || project === site.environment.project;
  return own ? { id } : { id, foreign: project };
}
