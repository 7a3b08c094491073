import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { detailsOf } from './details-of.ts';
import { say } from './output/say.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

const sayEveryMs = 30_000;

/** Says, every half a minute for each step that takes longer, what it does or waits for. */
export function waitsOf({ client }: WorkflowHandle) {
  const { loadedDataConverter } = client.options;
  const seen = new Map<string, { readonly since: number; told: number }>();
  return async ({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Promise<void> => {
    const now = performance.now();
    for (const pending of raw.pendingActivities ?? []) {
      const id = pending.activityId ?? '';
      const one = seen.get(id) ?? { since: now, told: now };
      seen.set(id, one);
      if (now - one.told < sayEveryMs) continue;
      one.told = now;
      const [details] = await detailsOf(pending.heartbeatDetails?.payloads, loadedDataConverter);
      say(lineOf(pending, { seconds: Math.round((now - one.since) / 1000), details }));
    }
  };
}

function lineOf(
  { activityType, attempt, state }: Pending,
  { seconds, details }: { readonly seconds: number; readonly details: unknown },
): string {
  const name = activityType?.name ?? 'a step';
  const tried = attempt && attempt > 1 ? `, attempt ${attempt}` : '';
  // temporal.api.enums.v1.PendingActivityState: 1 = scheduled, 2 = started
  if (Number(state) !== 2)
    return `… ${name} waits ${seconds} s by now for its next attempt (${attempt})`;
  const doing = typeof details === 'string' && details !== name ? `: ${details}` : '';
  return `… ${name} takes ${seconds} s by now${tried}${doing}`;
}
