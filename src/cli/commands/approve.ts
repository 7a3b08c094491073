import { Command } from '@commander-js/extra-typings';
import { siteOf } from '../../endpoints.ts';
import { environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { spokenWord } from '../speak.ts';
import { tellRun } from '../tell-run.ts';
import { withClient } from '../with-client.ts';

/** `windlass approve DIGEST`: lets exactly that plan go on. */
export function approveCommand() {
  return new Command('approve')
    .description('approve the plan of a waiting run')
    .argument('<digest>', 'digest of the plan, or its first 12 digits')
    .addOption(environmentOption())
    .action(async (digest, { environment }) => {
      await withClient(async (client, _temporal, place) => {
        const site = await siteOf(place, environment);
        await tellRun(client, { place, environment }, async ({ plan }, run) => {
          const whole = plan && digest.length >= 12 && plan.digest.startsWith(digest);
          const named = whole ? plan.digest : digest;
          const who = await spokenWord(site, { kind: 'approve', digest: named, run });
          return { name: 'approve', said: { digest: named, ...who } };
        });
      });
      say(`Approved. Follow: bin/windlass status -e ${environment} --watch`);
    });
}
