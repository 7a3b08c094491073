import type { Client } from '@temporalio/client';

/** Every run of the namespace that is open, whatever queue it works on. */
export async function openExecutions(
  client: Client,
): Promise<readonly { readonly workflowId: string; readonly runId: string }[]> {
  const open: { workflowId: string; runId: string }[] = [];
  for await (const one of client.workflow.list({ query: 'ExecutionStatus = "Running"' }))
    open.push({ workflowId: one.workflowId, runId: one.runId });
  return open;
}
