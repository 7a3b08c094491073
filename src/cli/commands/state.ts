import { Command, Option } from '@commander-js/extra-typings';
import { stackNames } from '../../deploy.ts';
import type { StackName } from '../../deploy.ts';
import { backUpState } from '../../backups/back-up-state.ts';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { listStateBackups } from '../../state/list-backups.ts';
import { lookAfterwards } from '../../state/look-afterwards.ts';
import { restoreState } from '../../state/restore-state.ts';
import { checkSite } from '../../site-check.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { refuseLeased } from '../refuse-held.ts';
import { stateUnlockCommand } from './state-unlock.ts';

const stackOption = () => new Option('--stack <stack>', 'one stack').choices(stackNames);

/** `windlass state backup|list|unlock|restore`: copies of Terraform's state, its lock, and back. */
export function stateCommand() {
  return new Command('state')
    .description('copy Terraform’s state, or repair a lost or damaged one')
    .addCommand(
      new Command('backup')
        .description('copy the state now')
        .addOption(environmentOption())
        .addOption(stackOption())
        .action(async ({ environment, stack }) =>
          backUp(environment, stack ? [stack] : stackNames),
        ),
    )
    .addCommand(
      new Command('list')
        .description('list the copies')
        .addOption(environmentOption())
        .addOption(stackOption())
        .action(list),
    )
    .addCommand(stateUnlockCommand())
    .addCommand(
      new Command('restore')
        .description('restore the state from a copy; this is not a rollback')
        .addOption(environmentOption())
        .addOption(stackOption().makeOptionMandatory())
        .option('--from <object>', 'a copy by its name; default: the newest')
        .action(restore),
    );
}

async function backUp(environment: string, wanted: readonly StackName[]): Promise<void> {
  const site = await siteOf(projectPlace(), environment);
  await checkSite(site);
  const folder = `backups/state-${new Date().toISOString().replaceAll(/\D/g, '')}`;
  for (const stack of wanted) {
    const copy = await backUpState(site, stack, folder);
    answer(copy ? copy.object : `${stack} has no state yet`);
  }
}

interface Chosen {
  readonly environment: string;
  readonly stack?: StackName | undefined;
}

async function list({ environment, stack }: Chosen): Promise<void> {
  const site = await siteOf(projectPlace(), environment);
  for (const { object, at, serial } of await listStateBackups(site, stack))
    answer(`${at}  serial ${serial.padStart(4)}  ${object}`);
}

async function restore({
  environment,
  stack,
  from,
}: Required<Chosen> & {
  readonly stack: StackName;
  readonly from?: string | undefined;
}): Promise<void> {
  const site = await siteOf(projectPlace(), environment);
  await checkSite(site);
  await refuseLeased(site);
  const done = await restoreState(site, stack, from);
  answer(`${stack}: ${done.resources} resources of ${done.from}, now serial ${done.serial}.`);
  if (done.replacedGeneration !== '0')
    answer(`The replaced state is generation ${done.replacedGeneration} in ${site.stateBucket}.`);
  const differences = await lookAfterwards(site, stack, `state-${Date.now()}`);
  if (differences === undefined) return answer('Nothing has been deployed: there is no plan.');
  for (const line of differences) answer(`differs from the cloud: ${line}`);
  answer(differences.length === 0 ? 'It matches the cloud.' : 'The next deploy corrects these.');
}
