import { Command } from '@commander-js/extra-typings';
import { actor, environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { tellRun } from '../tell-run.ts';
import { withClient } from '../with-client.ts';

/** `windlass approve DIGEST`: lets exactly that plan go on. */
export function approveCommand() {
  return new Command('approve')
    .description('approve the plan that a run waits with')
    .argument('<digest>', 'the plan’s digest, or its first 12 digits')
    .addOption(environmentOption())
    .action(async (digest, { environment }) => {
      await withClient((client, _temporal, place) =>
        tellRun(client, { place, environment }, ({ plan }) => {
          const whole = plan && digest.length >= 12 && plan.digest.startsWith(digest);
          const said = { digest: whole ? plan.digest : digest, actor: actor() };
          return { name: 'approve', said };
        }),
      );
      say(`Approved. Watch on: bin/windlass status -e ${environment} --watch`);
    });
}
