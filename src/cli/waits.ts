import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { detailsOf } from './details-of.ts';
import { say } from './output/say.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

interface Seen {
  readonly since: number;
  told: number;
  /** The newest wait that was said, without its seconds. */
  waits?: string;
}

const sayEveryMs = 30_000;

/** It lasts as long as the run and is no step of it. */
const notAStep = 'holdLease';

/**
 * Says what a step waits for as soon as it does (the heartbeats that say so begin with `waiting` or
 * `watching`), and every half a minute for each step that takes longer what it does.
 */
export function waitsOf({ client }: WorkflowHandle) {
  const { loadedDataConverter } = client.options;
  const all = new Map<string, Seen>();
  return async ({ raw }: Pick<WorkflowExecutionDescription, 'raw'>): Promise<void> => {
    const now = performance.now();
    for (const pending of raw.pendingActivities ?? []) {
      if (pending.activityType?.name === notAStep) continue;
      const id = pending.activityId ?? '';
      const seen = all.get(id) ?? { since: now, told: now };
      all.set(id, seen);
      const [details] = await detailsOf(pending.heartbeatDetails?.payloads, loadedDataConverter);
      if (saidWait(seen, details)) seen.told = now;
      if (now - seen.told < sayEveryMs) continue;
      seen.told = now;
      say(lineOf(pending, { seconds: Math.round((now - seen.since) / 1000), details }));
    }
  };
}

function saidWait(seen: Seen, details: unknown): boolean {
  if (typeof details !== 'string' || !/^(waiting|watching) for /.test(details)) return false;
  const text = details.replaceAll(/\d+ s more/g, '');
  if (seen.waits === text) return false;
  seen.waits = text;
  say(`… ${details}`);
  return true;
}

function lineOf(
  { activityType, attempt, state }: Pending,
  { seconds, details }: { readonly seconds: number; readonly details: unknown },
): string {
  const name = activityType?.name ?? 'a step';
  const tried = attempt && attempt > 1 ? `, attempt ${attempt}` : '';
  // temporal.api.enums.v1.PendingActivityState: 1 = scheduled, 2 = started
  if (Number(state) !== 2)
    return `… ${name} has waited ${seconds} s for its next attempt (${attempt})`;
  const doing = typeof details === 'string' && details !== name ? `: ${details}` : '';
  return `… ${name} has been running for ${seconds} s${tried}${doing}`;
}
