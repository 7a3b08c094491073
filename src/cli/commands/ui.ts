import { Command } from '@commander-js/extra-typings';
import { environmentOf, readConfig } from '../../config/read-config.ts';
import { projectPlace } from '../../place.ts';
import { newestRun } from '../newest-run.ts';
import { environmentOption } from '../options.ts';
import { answer } from '../output/say.ts';
import { runAddress } from '../run-address.ts';
import { withClient } from '../with-client.ts';

/** `windlass ui`: the address of the environment's newest run in the Temporal UI. */
export function uiCommand() {
  return new Command('ui')
    .description('print the URL of the run in the Temporal UI')
    .addOption(environmentOption())
    .action(async ({ environment }) => {
      environmentOf(await readConfig(projectPlace().root), environment);
      await withClient(async (client, temporal) => {
        const { workflowId, runId } = await newestRun(client, temporal, environment);
        answer(runAddress(temporal, workflowId, runId));
      });
    });
}
