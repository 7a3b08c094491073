import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { decoded } from './retries.ts';
import { say } from './output/say.ts';

/** Says, once for each, what a step waits for: the heartbeats that say so begin with `waiting`. */
export function waitsOf({ client }: WorkflowHandle) {
  const told = new Set<string>();
  const { loadedDataConverter } = client.options;
  return async ({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Promise<void> => {
    for (const { activityId, heartbeatDetails } of raw.pendingActivities ?? []) {
      const [text] = await decoded(heartbeatDetails?.payloads ?? [], loadedDataConverter);
      if (typeof text !== 'string' || !/^(waiting|watching) for /.test(text)) continue;
      const id = `${activityId} ${text.replaceAll(/\d+ s more/g, '')}`;
      if (told.has(id)) continue;
      told.add(id);
      say(`… ${text}`);
    }
  };
}
