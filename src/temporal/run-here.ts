import { lendClient } from './lend-client.ts';
import { lookUpRun } from './look-up-run.ts';

/** What this Temporal knows of a run of the environment. */
export type RunHere = 'running' | 'ended' | 'unknown';

/** Asks the project's Temporal whether it knows the run, and whether that goes on. */
export async function runHere(home: string, environment: string, runId: string): Promise<RunHere> {
  const found = await lendClient(home, (client) =>
    lookUpRun(client, `environment/${environment}`, runId),
  );
  if (!found) return 'unknown';
  return found.status.name === 'RUNNING' ? 'running' : 'ended';
}
