import { held } from '../../../src/held.ts';
import type { World } from '../../world.ts';
import { fire } from './fire.ts';
import { dueAfter, scheduledJobs } from './records.ts';

const TICK_MS = 1000;

/** Calls what is due, as long as the sandbox runs; a time that passed while it was down is not made up. */
export function startClock(world: World, url: () => string): { close(): void } {
  const opened = world.now();
  for (const [name, job] of scheduledJobs(world).list()) {
    const scheduleTime = dueAfter(job, opened);
    scheduledJobs(world).set(name, { ...job, ...(scheduleTime && { scheduleTime }) });
  }
  const timer = setInterval(() => tick(world, url()), TICK_MS).unref();
  return { close: () => clearInterval(timer) };
}

function tick(world: World, url: string): void {
  const now = world.now();
  for (const [name, job] of scheduledJobs(world).list()) {
    if (job.state !== 'ENABLED' || job.scheduleTime === undefined) continue;
    if (job.scheduleTime > now.toISOString()) continue;
    const scheduleTime = dueAfter(job, now);
    scheduledJobs(world).set(name, { ...job, ...(scheduleTime && { scheduleTime }) });
    void held(fire(world, url, job));
  }
}
