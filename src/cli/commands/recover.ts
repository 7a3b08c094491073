import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { projectPlace } from '../../place.ts';
import { foresee } from '../../recovery/foresee.ts';
import type { Wanted } from '../../recovery/foresee.ts';
import { conductRun } from '../conduct-run.ts';
import { confirm } from '../confirm.ts';
import { acceptOption, environmentOption } from '../options.ts';
import { recoveryLines } from '../output/recovery-lines.ts';
import { say } from '../output/say.ts';
import { abandonRollback, unfinishedRollback } from '../../releases/unfinished-rollback.ts';
import type { Wish } from '../start-run.ts';
import { refuseHeld } from '../refuse-held.ts';
import { prepare } from '../prepare.ts';

/** `windlass recover`: the environment again, from its newest backup or from what survived. */
export function recoverCommand() {
  return new Command('recover')
    .description('restore a lost environment from its backups')
    .addOption(environmentOption())
    .option('--from <backup>', 'this backup instead of the newest complete one')
    .option('--into <environment>', 'into this (empty) environment instead of its own')
    .option('--reconcile', 'roll back what a terminated run left; needs no backup')
    .option('--abandon-rollback', 'with --reconcile: back to the release that a rollback left')
    .addOption(acceptOption())
    .option('--yes', 'do not ask')
    .option('--json', 'print the report as JSON')
    .action(
      async ({
        environment,
        from,
        into = environment,
        reconcile,
        abandonRollback: abandon,
        accept,
        yes,
        json,
      }) => {
        if (reconcile) {
          const accepted = abandon === true ? [abandonRollback, ...accept] : accept;
          const wish = await reconciling(environment, accepted);
          process.exitCode = await conductRun(wish, { json });
          return;
        }
        const recover = { source: environment, ...(from !== undefined && { from }) };
        await ask(into, recover, yes === true);
        const wish = { kind: 'recover', environment: into, recover, accept } as const;
        process.exitCode = await conductRun(wish, { json });
      },
    );
}

/** A rollback that did not finish goes on; only who says so gets back the release that it left. */
async function reconciling(environment: string, accept: readonly string[]): Promise<Wish> {
  const place = projectPlace();
  await prepare(place, environment);
  const wish = { kind: 'reconcile', environment, accept, takesOver: true } as const;
  if (accept.includes(abandonRollback)) return wish;
  const begun = await unfinishedRollback(await siteOf(place, environment));
  if (!begun) return wish;
  say(
    `The rollback of ${begun.actor}, started at ${begun.since}, continues; a rollback is never undone.`,
  );
  return { ...wish, kind: 'rollback' };
}

/** Shows what comes back and what does not, before anything is touched. */
async function ask(into: string, wanted: Wanted, yes: boolean): Promise<void> {
  const place = projectPlace();
  await prepare(place, into);
  await refuseHeld(await siteOf(place, into));
  const recovery = await foresee(await siteOf(place, into), wanted);
  for (const line of recoveryLines(into, recovery, new Date())) say(line);
  await confirm(into, yes);
}
