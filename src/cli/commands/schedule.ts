import { Argument, Command } from '@commander-js/extra-typings';
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import type { Client, ScheduleOptions } from '@temporalio/client';
import { projectPlace } from '../../place.ts';
import { environmentOf, readConfig } from '../../read-config.ts';
import { taskQueue } from '../../temporal/connect.ts';
import { actor, environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { withClient } from '../with-client.ts';

const kinds = ['backups', 'drills', 'drift'] as const;

/** What each schedule runs, and when where `--cron` says nothing (UTC). */
const defaults = {
  backups: { workflow: 'backup', cron: '0 3 * * *' },
  drills: { workflow: 'drill', cron: '0 4 * * 0' },
  drift: { workflow: 'drift', cron: '30 */6 * * *' },
} as const;

/** `windlass schedule`: Temporal starts backups, drills and drift checks by the clock. */
export function scheduleCommand() {
  return new Command('schedule')
    .description('run backups (daily), drills (weekly) or drift checks (6 h) by the clock')
    .addArgument(new Argument('<what>').choices(kinds))
    .addOption(environmentOption())
    .option('--cron <expression>', 'another time, UTC')
    .option('--off', 'end the schedule')
    .action(async (what, { environment, cron, off }) => {
      const place = projectPlace();
      environmentOf(await readConfig(place.root), environment);
      const scheduleId = `${what}/${environment}`;
      if (off) {
        await withClient((client) => end(client, scheduleId));
        return answer(`${scheduleId} ends`);
      }
      const times = cron ?? defaults[what].cron;
      const options = { ...optionsOf(defaults[what].workflow, environment, times), scheduleId };
      await withClient((client) => begin(client, options));
      answer(`${scheduleId} runs at ${times} UTC; a worker must be there`);
    });
}

function optionsOf(
  kind: string,
  environment: string,
  cron: string,
): Omit<ScheduleOptions, 'scheduleId'> {
  return {
    spec: { cronExpressions: [cron], jitter: '1 minute' },
    // One at a time, and after an outage only the newest.
    policies: { overlap: 'SKIP', catchupWindow: '1 hour' },
    action: {
      type: 'startWorkflow',
      workflowType: kind,
      workflowId: `${kind}/${environment}`,
      taskQueue,
      args: [{ environment, actor: `schedule of ${actor()}` }],
    },
  };
}

async function begin(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await end(client, options.scheduleId);
    await client.schedule.create(options);
  }
}

async function end(client: Client, scheduleId: string): Promise<void> {
  await client.schedule
    .getHandle(scheduleId)
    .delete()
    .catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
}
