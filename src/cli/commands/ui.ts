import { Command } from '@commander-js/extra-typings';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { runAddress } from '../run-address.ts';
import { workflowIdOf } from '../workflow-id.ts';
import { withClient } from '../with-client.ts';

/** `windlass ui`: the address of the environment's newest run in the Temporal UI. */
export function uiCommand() {
  return new Command('ui')
    .description('print the address of the run in the Temporal UI')
    .addOption(environmentOption())
    .action(async ({ environment }) => {
      await withClient(async (client, temporal) => {
        const workflowId = workflowIdOf(environment);
        const { runId } = await client.workflow.getHandle(workflowId).describe();
        answer(runAddress(temporal, workflowId, runId));
      });
    });
}
