import { Failure } from '../failure.ts';
import { stampOf } from './output/clock.ts';
import { siteOf } from '../endpoints.ts';
import { projectPlace } from '../place.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { refuseHeld } from './refuse-held.ts';
import { workflowIdOf } from './workflow-id.ts';
import { withClient } from './with-client.ts';

/** Throws ENVIRONMENT_BUSY while a run holds the environment; for commands that are no runs. */
export async function refuseBusy(environment: string): Promise<void> {
  const described = await withClient((client) => lookUpRun(client, workflowIdOf(environment)));
  if (described?.status.name !== 'RUNNING')
    return refuseHeld(await siteOf(projectPlace(), environment));
  throw new Failure({
    code: 'ENVIRONMENT_BUSY',
    what: `A ${described.type} holds ${environment}`,
    why: `it was started at ${stampOf(described.startTime)}, and it is still running`,
    fix: `Wait for it: \`windlass status -e ${environment} --watch\`.`,
  });
}
