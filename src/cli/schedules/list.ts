import type { Client, ScheduleDescription } from '@temporalio/client';
import { z } from 'zod';
import { answer } from '../output/say.ts';
import { findSchedule } from '../../temporal/keep-schedule.ts';
import { kinds, scheduleIdOf } from '../../temporal/schedule-ids.ts';
import type { Kind } from '../../temporal/schedule-ids.ts';

/** A schedule as the list shows it; `cron: null` = off. */
export interface ListedSchedule {
  readonly what: Kind;
  readonly cron: string | null;
  readonly next: string | null;
  readonly last: { readonly at: string; readonly ended: string } | null;
}

/** Every schedule that an environment can have, whether it is on or not. */
export async function listSchedules(
  client: Client,
  environment: string,
): Promise<readonly ListedSchedule[]> {
  return Promise.all(
    kinds.map(async (what) => {
      const found = await findSchedule(client, scheduleIdOf(what, environment));
      if (!found) return { what, cron: null, next: null, last: null };
      const next = found.info.nextActionTimes[0]?.toISOString() ?? null;
      return { what, cron: cronOf(found), next, last: await lastOf(client, found) };
    }),
  );
}

/** One line each, for people. */
export function sayListed(listed: readonly ListedSchedule[]): void {
  for (const { what, cron, next, last } of listed) {
    const line = cron === null ? 'off' : `${cron} UTC, next ${next ?? 'never'}`;
    const before = last ? `; last ${last.at} ${last.ended}` : '';
    answer(`${what.padEnd(8)} ${line}${before}`);
  }
}

const Memo = z.object({ cron: z.string() });

function cronOf({ memo }: ScheduleDescription): string {
  return Memo.safeParse(memo).data?.cron ?? 'times of its own';
}

async function lastOf(client: Client, { info }: ScheduleDescription) {
  const last = info.recentActions.at(-1);
  if (!last) return null;
  const { workflowId, firstExecutionRunId } = last.action.workflow;
  const { status } = await client.workflow.getHandle(workflowId, firstExecutionRunId).describe();
  return { at: last.takenAt.toISOString(), ended: status.name.toLowerCase() };
}
