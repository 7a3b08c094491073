import type { ScheduleOptions } from '@temporalio/client';
import type { SiteAddress } from '../../site-address.ts';
import type { RunCode } from '../run-code.ts';
import { taskQueue } from '../../temporal/connect.ts';
import { scheduleIdOf } from '../../temporal/schedule-ids.ts';
import type { Kind } from '../../temporal/schedule-ids.ts';
import { actor } from '../options.ts';

/** What each schedule runs, and when where `--cron` says nothing (UTC). */
export const defaults = {
  backups: { workflow: 'backup', cron: '0 3 * * *' },
  drills: { workflow: 'drill', cron: '0 4 * * 0' },
  drift: { workflow: 'drift', cron: '30 */6 * * *' },
} as const;

// A deploy takes minutes; one that waits for a person changes nothing meanwhile.
const patienceSeconds = 2 * 3600;

/** What a schedule is about, and where its runs find code and configuration. */
interface Subject extends Pick<RunCode['memo'], 'codeAt'> {
  readonly environment: string;
  readonly address: SiteAddress;
}

/** A schedule as Temporal wants it: one at a time, and after an outage only the newest. */
export function scheduleOf(
  kind: Kind,
  cron: string,
  { environment, address, codeAt }: Subject,
): ScheduleOptions {
  const { workflow } = defaults[kind];
  return {
    scheduleId: scheduleIdOf(kind, environment),
    spec: { cronExpressions: [cron], jitter: '1 minute' },
    policies: { overlap: 'SKIP', catchupWindow: '1 hour' },
    action: {
      type: 'startWorkflow',
      workflowType: workflow,
      workflowId: `${workflow}/${environment}`,
      taskQueue,
      args: [{ environment, actor: `schedule of ${actor()}`, patienceSeconds, address }],
      memo: { codeAt },
      staticSummary: `${workflow} of ${environment}, scheduled`,
    },
    memo: { cron },
  };
}
