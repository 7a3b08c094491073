import { Client, Connection } from '@temporalio/client';

/** Ends what a rig's tests left open: an environment is one workflow id, and the next file has the same. */
export async function endRuns(env: Readonly<Record<string, string>>): Promise<void> {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace = 'default' } = env;
  const taskQueue = env['WINDLASS_TASK_QUEUE'];
  if (address === undefined || taskQueue === undefined) return;
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const query = `TaskQueue = "${taskQueue}" and ExecutionStatus = "Running"`;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      const run = client.workflow.getHandle(workflowId, runId);
      await run.terminate('its test has ended').catch(() => undefined); // perhaps by itself
    }
  } finally {
    await connection.close();
  }
}
