import { Command } from '@commander-js/extra-typings';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Report } from '../../report.ts';
import { actor, environmentOption } from '../options.ts';
import { say } from '../output/say.ts';
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
      await withClient(async (client) => {
        const handle = client.workflow.getHandle(workflowIdOf(environment));
        const { plan } = await handle.query<Report>('report').catch((error: unknown) => {
          throw error instanceof WorkflowNotFoundError ? nothingRuns(environment) : error;
        });
        const whole = plan && digest.length >= 12 && plan.digest.startsWith(digest);
        const said = { digest: whole ? plan.digest : digest, actor: actor() };
        await tellRun(client, environment, { name: 'approve', said });
      });
      say(`Approved. Watch on: bin/windlass status -e ${environment} --watch`);
    });
}
