import { Command } from '@commander-js/extra-typings';
import { conductRun } from '../conduct-run.ts';
import { acceptOption, environmentOption, reasonOption } from '../options.ts';
import { stopRunning } from '../stop-running.ts';

/** `windlass rollback`: to the release before; a deploy that still runs is stopped instead. */
export function rollbackCommand() {
  return new Command('rollback')
    .description('roll back to the previous release')
    .addOption(environmentOption())
    .option('--to <release>', 'roll back to this release instead')
    .addOption(acceptOption())
    .addOption(reasonOption())
    .option('-y, --yes', 'stop a run of somebody else without asking')
    .option('--json', 'print the report as JSON')
    .action(async ({ environment, to, accept, reason, yes, json }) => {
      const stopped =
        to === undefined &&
        (await stopRunning(environment, reason ?? unsaid, { json, yes: yes === true }));
      const wish = { kind: 'rollback', environment, release: to, accept, reason } as const;
      process.exitCode = stopped === false ? await conductRun(wish, { json }) : stopped;
    });
}

const unsaid = 'requested on the command line';
