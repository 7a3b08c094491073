import { Command } from '@commander-js/extra-typings';
import { conductRun } from '../conduct-run.ts';
import { environmentOption, releaseOption } from '../options.ts';

/** `windlass plan`: what a deploy would change, cost and undo; nothing is touched. */
export function planCommand() {
  return new Command('plan')
    .description('show what a deploy would change')
    .addOption(environmentOption())
    .addOption(releaseOption('plan this stored release instead of the working tree'))
    .option('--json', 'print the report as JSON')
    .action(async ({ environment, release, json }) => {
      const wish = { kind: 'deploy', environment, release, planOnly: true } as const;
      process.exitCode = await conductRun(wish, { json });
    });
}
