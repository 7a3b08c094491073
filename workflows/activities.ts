import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { believed } from './believed.ts';
import { summaryOf } from './summaries.ts';

const retry = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' };

// A worker of this machine that dies is seen by its process; one elsewhere, or stopped, by this.
const heartbeat = '12 seconds';

/** Single looks at a cloud: seconds. */
export const instant = summarized({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: heartbeat,
  retry,
});

/** What may be given up soon without harm. */
export const quick = summarized({
  startToCloseTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 minutes',
  retry: { ...retry, maximumAttempts: 8 },
});

/** What is looked at beside the real work: given up after a few tries. */
export const aside = summarized({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  heartbeatTimeout: heartbeat,
  retry: { ...retry, maximumAttempts: 3 },
});

/** Calls that wait for a cloud: a Supabase project needs minutes to come up. */
export const slow = summarized({
  startToCloseTimeout: '15 minutes',
  scheduleToCloseTimeout: '30 minutes',
  heartbeatTimeout: heartbeat,
  retry: { ...retry, maximumAttempts: 6 },
});

/** Child processes (terraform, alembic, pg_dump): an undo must not start while one still runs. */
export const process = summarized({
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '60 minutes',
  heartbeatTimeout: heartbeat,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...retry, maximumAttempts: 6 },
});

/** The renewal of a lease: as long as the run; the next worker goes on with it at once. */
export const holding = summarized({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '20 seconds',
  retry: { ...retry, maximumInterval: '10 seconds' },
});

/** Undos get the most patience; one that still fails parks the run. */
export const undo = summarized({
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '2 hours',
  heartbeatTimeout: heartbeat,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { ...retry, maximumAttempts: 10 },
});

/** Activities of one kind of patience; each call carries its summary to the UI's timeline. */
function summarized(options: ActivityOptions) {
  return new Proxy(proxyActivities<Activities>(options), {
    get: (_all, name) => {
      const all = proxyActivities<Activities>({ ...options, summary: summaryOf(String(name)) });
      const activity: unknown = Reflect.get(all, name);
      if (typeof activity !== 'function') return activity;
      return async (input: unknown) => believed(await activity(input));
    },
  });
}
