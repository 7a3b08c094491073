import { Command } from '@commander-js/extra-typings';
import { projectPlace } from '../../place.ts';
import type { BackupReport } from '../../../workflows/backup.ts';
import { besideRun } from '../beside-run.ts';
import { environmentOption } from '../options.ts';
import { answer, answerJson, say } from '../output/say.ts';
import { prepare } from '../prepare.ts';

/** `windlass backup`: one now, proven by a trial restore, beside whatever else runs. */
export function backupCommand() {
  return new Command('backup')
    .description('back up now and prune backups beyond the retention rule')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async ({ environment, json }) => {
      await prepare(projectPlace(), environment);
      const report = await besideRun<BackupReport>('backup', environment);
      if (json) return answerJson(report);
      answer(`backup    ${report.backup?.object.split('/')[1]}`);
      for (const line of report.leftOut ?? []) say(`not in it ${line}`);
      for (const id of report.pruned) say(`pruned    ${id}`);
    });
}
