import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import { detailsOf } from './details-of.ts';
import { say } from './output/say.ts';
import { textsOf } from './texts-of.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/** Says, once for each, why a step is tried again. */
export function retriesOf({ client }: WorkflowHandle) {
  const told = new Set<string>();
  const { loadedDataConverter } = client.options;
  return async ({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Promise<void> => {
    for (const pending of raw.pendingActivities ?? []) {
      const { activityId, attempt, lastFailure } = pending;
      const id = `${activityId} ${attempt}`;
      if (!lastFailure || told.has(id)) continue;
      told.add(id);
      for (const line of await linesOf(pending, loadedDataConverter)) say(line);
    }
  };
}

async function linesOf(
  { activityType, attempt, maximumAttempts, lastFailure }: Pending,
  converter: LoadedDataConverter,
): Promise<readonly string[]> {
  const info = lastFailure?.applicationFailureInfo;
  const details = await detailsOf(info?.details?.payloads, converter);
  const { why, fix } = textsOf({ details }, { why: '', fix: '' });
  const of = maximumAttempts ? ` of ${maximumAttempts}` : '';
  const what = `${lastFailure?.message ?? 'it failed'} [${info?.type ?? 'TIMED_OUT'}]`;
  return [
    `↻ ${activityType?.name ?? 'a step'} is retried (attempt ${attempt}${of}): ${what}`,
    ...(why === '' ? [] : [`  why: ${why.replaceAll('\n', '\n  ')}`]),
    ...(fix === '' ? [] : [`  fix: ${fix}`]),
  ];
}
