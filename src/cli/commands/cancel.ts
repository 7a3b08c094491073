import { Command } from '@commander-js/extra-typings';
import { environmentOption } from '../options.ts';
import { nothingRuns } from '../run-silent.ts';
import { stopRunning } from '../stop-running.ts';

/** `windlass cancel`: stops the run in progress, which then rolls itself back; nothing else. */
export function cancelCommand() {
  return new Command('cancel')
    .description('stop the run in progress; it rolls itself back')
    .addOption(environmentOption())
    .requiredOption('--reason <text>', 'reason, shown in the ledger and the UI')
    .option('-y, --yes', 'stop a run of somebody else without asking')
    .option('--json', 'print the report as JSON')
    .action(async ({ environment, reason, yes, json }) => {
      const stopped = await stopRunning(environment, reason, { json, yes: yes === true });
      if (stopped === false) throw nothingRuns(environment);
      process.exitCode = stopped;
    });
}
