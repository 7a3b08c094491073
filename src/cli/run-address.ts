import type { TemporalPlace } from '../temporal/connect.ts';

/** The page of a run in the Temporal UI, or how to find it where no UI is known. */
export function runAddress(temporal: TemporalPlace, workflowId: string, runId: string): string {
  const path = `namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}`;
  return temporal.ui
    ? `${temporal.ui}/${path}`
    : `(no UI known) workflow ${workflowId}, run ${runId}`;
}
