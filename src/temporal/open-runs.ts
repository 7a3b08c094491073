import type { Client } from '@temporalio/client';

/** The run ids of every workflow of the namespace that is open. */
export async function openRuns(client: Client): Promise<readonly string[]> {
  const open: string[] = [];
  for await (const { runId } of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
    open.push(runId);
  return open;
}
