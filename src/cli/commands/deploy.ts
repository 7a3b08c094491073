import { Command } from '@commander-js/extra-typings';
import { acceptOption, environmentOption, reasonOption, releaseOption } from '../options.ts';
import { conductRun } from '../conduct-run.ts';

/** `windlass deploy`: plan, then everything up to the ledger; watched until it ends. */
export function deployCommand() {
  return new Command('deploy')
    .description('deploy everything as one release')
    .addOption(environmentOption())
    .addOption(releaseOption('deploy this stored release instead of the working tree'))
    .option('--wait-for-approval', 'wait for `windlass approve`, even in the sandbox')
    .addOption(acceptOption())
    .addOption(reasonOption())
    .option('--require-rehearsal', 'refuse a release that was not rehearsed')
    .option('--json', 'print the report as JSON')
    .action(async ({ environment, json, ...asked }) => {
      const wish = { kind: 'deploy', environment, ...asked } as const;
      process.exitCode = await conductRun(wish, { json });
    });
}
