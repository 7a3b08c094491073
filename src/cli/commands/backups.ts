import { Command } from '@commander-js/extra-typings';
import { lookAtBackups } from '../../backups/list-backups.ts';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { environmentOption } from '../options.ts';
import { ageOf } from '../output/age.ts';
import { sayFailure } from '../output/failure.ts';
import { answer, answerJson } from '../output/say.ts';

/** `windlass backups`: the sets that a recovery could take, newest first. */
export function backupsCommand() {
  return new Command('backups')
    .description('list the backups')
    .addOption(environmentOption())
    .option('--json', 'as JSON')
    .action(async ({ environment, json }) => {
      const found = await lookAtBackups(await siteOf(projectPlace(), environment));
      const sets = found.sets.toReversed();
      for (const failure of found.damaged) sayFailure(failure);
      if (found.damaged.length > 0) process.exitCode = 3;
      if (json) return answerJson(sets.map(({ manifest }) => manifest));
      if (sets.length === 0) answer('no backup yet');
      for (const { manifest } of sets) {
        const { runId, at, release, database } = manifest;
        const age = ageOf(Date.now() - Date.parse(at));
        const size = database ? `${Math.ceil(database.bytes / 1024)} KiB, proven` : 'no database';
        answer(`${runId}  ${at}  ${`${age} old`.padEnd(18)} ${release ?? '-'}  ${size}`);
      }
    });
}
