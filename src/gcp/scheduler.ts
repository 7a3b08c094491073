import { z } from 'zod';
import type { GoogleAccess, Waiting } from './access.ts';
import { callGoogle } from './call.ts';
import { unlessMissing } from './refusal.ts';

/** When a job of Cloud Scheduler calls its target. */
export interface Scheduling {
  readonly schedule: string;
  readonly timeZone: string;
  readonly paused: boolean;
}

/** The schedule of a job; undefined where it has none. */
export async function readScheduling(
  access: GoogleAccess,
  name: string,
  waiting: Waiting = {},
): Promise<Scheduling | undefined> {
  const call = { action: `read the schedule of ${name}`, url: urlOf(access, name), answer: Job };
  return unlessMissing(callGoogle(access, call, waiting));
}

/** Sets a schedule, then resumes or pauses it; no call for what is so already. */
export async function setScheduling(
  access: GoogleAccess,
  name: string,
  wanted: Scheduling,
  waiting: Waiting = {},
): Promise<void> {
  const now = await readScheduling(access, name, waiting);
  const url = urlOf(access, name);
  const { schedule, timeZone, paused } = wanted;
  const change = { mutating: true, answer: z.unknown() } as const;
  if (now?.schedule !== schedule || now.timeZone !== timeZone) {
    const action = `set the schedule of ${name}`;
    const to = `${url}?updateMask=schedule,timeZone`;
    const body = { schedule, timeZone };
    await callGoogle(access, { ...change, action, method: 'PATCH', url: to, body }, waiting);
  }
  if (now?.paused === paused) return;
  const verb = paused ? 'pause' : 'resume';
  const action = `${verb} the schedule of ${name}`;
  await callGoogle(
    access,
    { ...change, action, method: 'POST', url: `${url}:${verb}`, body: {} },
    waiting,
  );
}

function urlOf({ endpoints, project, region }: GoogleAccess, name: string): string {
  return `${endpoints.scheduler}/v1/projects/${project}/locations/${region}/jobs/${name}`;
}

const Job = z
  .object({
    schedule: z.string().default(''),
    timeZone: z.string().default('Etc/UTC'),
    state: z.string().default('ENABLED'),
  })
  .transform(({ schedule, timeZone, state }): Scheduling => ({
    ...{ schedule, timeZone, paused: state === 'PAUSED' },
  }));
