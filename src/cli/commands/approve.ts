import { Command } from '@commander-js/extra-typings';
import { WorkflowNotFoundError } from '@temporalio/client';
import { siteOf } from '../../endpoints.ts';
import type { Report } from '../../report.ts';
import { environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
import { spokenWord } from '../speak.ts';
import { workflowIdOf } from '../start-run.ts';
import { nothingRuns, tellRun } from '../tell-run.ts';
import { withClient } from '../with-client.ts';

/** `windlass approve DIGEST`: lets exactly that plan go on. */
export function approveCommand() {
  return new Command('approve')
    .description('approve the plan that a run waits with')
    .argument('<digest>', 'the plan’s digest, or its first 12 digits')
    .addOption(environmentOption())
    .action(async (digest, { environment }) => {
      await withClient(async (client, _temporal, place) => {
        const handle = client.workflow.getHandle(workflowIdOf(environment));
        const { plan } = await handle.query<Report>('report').catch((error: unknown) => {
          throw error instanceof WorkflowNotFoundError ? nothingRuns(environment) : error;
        });
        const whole = plan && digest.length >= 12 && plan.digest.startsWith(digest);
        const named = whole ? plan.digest : digest;
        const { runId: run } = await handle.describe();
        const site = await siteOf(place, environment);
        const who = await spokenWord(site, { kind: 'approve', digest: named, run });
        const said = { digest: named, ...who };
        await tellRun(client, environment, { name: 'approve', said });
      });
      say(`Approved. Watch on: bin/windlass status -e ${environment} --watch`);
    });
}
