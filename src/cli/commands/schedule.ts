import { Argument, Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { Failure } from '../../failure.ts';
import { projectPlace } from '../../place.ts';
import { environmentOf, readConfig } from '../../config/read-config.ts';
import { shelfAddressOf } from '../../temporal/versions/shelf-address.ts';
import { standingAddress } from '../gather.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { prepare } from '../prepare.ts';
import { beginSchedule, endSchedule } from '../../temporal/keep-schedule.ts';
import { kinds, scheduleIdOf } from '../../temporal/schedule-ids.ts';
import type { Kind } from '../../temporal/schedule-ids.ts';
import { defaults, scheduleOf } from '../schedules/kinds.ts';
import { listSchedules, sayListed } from '../schedules/list.ts';
import { triggerSchedule } from '../schedules/trigger.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  readonly environment: string;
  readonly cron?: string | undefined;
  readonly off?: true | undefined;
  readonly now?: true | undefined;
  readonly json?: true | undefined;
}

/** `windlass schedule`: Temporal starts backups, drills and drift checks by the clock. */
export function scheduleCommand() {
  return new Command('schedule')
    .description('schedule backups (daily), drills (weekly) or drift checks (every 6 h)')
    .addArgument(new Argument('<what>').choices([...kinds, 'list'] as const))
    .addOption(environmentOption())
    .option('--cron <expression>', 'cron expression, UTC')
    .option('--now', 'run it now, and show how it ends')
    .option('--off', 'delete the schedule')
    .option('--json', 'as JSON')
    .action(async (what, flags) => {
      if (flags.off && flags.now) throw both();
      environmentOf(await readConfig(projectPlace().root), flags.environment);
      if (what === 'list') return list(flags);
      if (flags.off) return off(what, flags);
      return flags.now ? now(what, flags) : on(what, flags);
    });
}

async function list({ environment, json }: Flags): Promise<void> {
  const listed = await withClient((client) => listSchedules(client, environment));
  if (json) answerJson(listed);
  else sayListed(listed);
}

async function on(kind: Kind, { environment, cron = defaults[kind].cron }: Flags): Promise<void> {
  const place = projectPlace();
  await prepare(place, environment);
  const site = await siteOf(place, environment);
  const address = await standingAddress(site);
  const codeAt = shelfAddressOf(site);
  const options = scheduleOf(kind, cron, { environment, address, codeAt });
  await withClient((client) => beginSchedule(client, options));
  answer(`${options.scheduleId} runs at ${cron} UTC`);
  say('It needs Temporal and a worker at that time; this machine has one for now.');
}

async function off(kind: Kind, { environment }: Flags): Promise<void> {
  const scheduleId = scheduleIdOf(kind, environment);
  const was = await withClient((client) => endSchedule(client, scheduleId));
  answer(was ? `${scheduleId} deleted` : `${scheduleId} does not exist`);
}

async function now(kind: Kind, { environment, json }: Flags): Promise<void> {
  await prepare(projectPlace(), environment);
  const scheduleId = scheduleIdOf(kind, environment);
  const result = await withClient((client) => triggerSchedule(client, scheduleId));
  if (json) answerJson(result);
  else answer(`${scheduleId} completed`);
}

function both(): Failure {
  return new Failure({
    code: 'USAGE',
    what: '--now and --off cannot be combined',
    why: 'a deleted schedule runs nothing',
    fix: 'Use one of them.',
  });
}
