import { Command } from '@commander-js/extra-typings';
import { conductRun } from '../conduct-run.ts';
import { environmentOption, releaseOption } from '../options.ts';
import { showPlan } from '../show-plan.ts';

/** `windlass plan`: what a deploy would change, cost and undo; nothing is touched. */
export function planCommand() {
  return new Command('plan')
    .description('show what a deploy would change, and how each change would be undone')
    .addOption(environmentOption())
    .addOption(releaseOption('plan this stored release instead of the working tree'))
    .option('--json', 'print the plan as JSON (docs/plan-json.md)')
    .action(async ({ environment, release, json }) => {
      const wish = { kind: 'deploy', environment, release, planOnly: true } as const;
      const onEnd = (report: Parameters<typeof showPlan>[0]) => showPlan(report, json === true);
      process.exitCode = await conductRun(wish, { onEnd });
    });
}
