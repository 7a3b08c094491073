import type { Client } from '@temporalio/client';
import { Failure } from '../failure.ts';
import type { TemporalPlace } from '../temporal/connect.ts';
import { lookUpRun } from '../temporal/look-up-run.ts';
import { workflowIdOf } from './workflow-id.ts';

/** The newest run of an environment, whatever became of it; a Failure where this Temporal knows none. */
export async function newestRun(client: Client, temporal: TemporalPlace, environment: string) {
  const found = await lookUpRun(client, workflowIdOf(environment));
  if (found) return { workflowId: found.workflowId, runId: found.runId };
  throw new Failure({
    code: 'NO_RUN_YET',
    what: `${environment} has had no run yet`,
    why: `Temporal at ${temporal.connection.address ?? 'localhost:7233'} (namespace ${temporal.namespace}) knows none`,
    fix:
      `Start one: \`bin/windlass deploy -e ${environment}\`. ` +
      'If it runs in another Temporal, set TEMPORAL_ADDRESS.',
  });
}
