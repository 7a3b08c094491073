import { WorkflowNotFoundError } from '@temporalio/client';
import { connectClient, temporalPlace } from './connect.ts';

/** What this Temporal knows of a run of the environment. */
export type RunHere = 'running' | 'ended' | 'unknown';

/** Asks the project's Temporal whether it knows the run, and whether that goes on. */
export async function runHere(home: string, environment: string, runId: string): Promise<RunHere> {
  const client = await connectClient(await temporalPlace(home));
  try {
    const handle = client.workflow.getHandle(`environment/${environment}`, runId);
    return (await handle.describe()).status.name === 'RUNNING' ? 'running' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'unknown';
    throw error;
  } finally {
    await client.connection.close();
  }
}
