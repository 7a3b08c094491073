import type { WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { summaryOf } from '../../workflows/summaries.ts';
import { detailsOf } from './details-of.ts';
import { spanOf } from './output/clock.ts';
import { mostSilentMs } from './output/most-silent.ts';
import { say, silentFor } from './output/say.ts';
import type { Doing } from './output/tree.ts';

type Pending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

interface Seen {
  readonly since: number;
  /** The newest wait that was said, without its seconds. */
  waits?: string;
}

const lookMs = 500; // before the pulse, which knows less of what is done

/** It lasts as long as the run and is no step of it. */
const notAStep = 'holdLease';

/**
 * Says what a step waits for as soon as it does (the heartbeats that say so begin with `waiting` or
 * `watching`), and after some seconds of silence what every activity does. `onDoing` gets the same
 * as data at every look; where it is given, the screen shows it, and silence is no concern.
 */
export function waitsOf(
  { client }: WorkflowHandle,
  onDoing?: (doing: readonly Doing[]) => void,
): (description: Pick<WorkflowExecutionDescription, 'raw'>) => Promise<void> {
  const { loadedDataConverter } = client.options;
  const all = new Map<string, Seen>();
  return async ({ raw }) => {
    const now = performance.now();
    const doing: Doing[] = [];
    const lines: string[] = [];
    for (const pending of raw.pendingActivities ?? []) {
      if (pending.activityType?.name === notAStep) continue;
      const id = pending.activityId ?? '';
      const seen = all.get(id) ?? { since: now };
      all.set(id, seen);
      const [details] = await detailsOf(pending.heartbeatDetails?.payloads, loadedDataConverter);
      doing.push(doingOf(pending, details));
      if (onDoing === undefined) sayWait(seen, details);
      lines.push(lineOf(pending, { took: spanOf(now - seen.since), details }));
    }
    onDoing?.(doing);
    if (onDoing === undefined && silentFor() >= mostSilentMs() - lookMs) lines.forEach(say);
  };
}

function doingOf({ activityType, attempt, lastFailure }: Pending, details: unknown): Doing {
  return {
    activity: activityType?.name ?? 'a step',
    attempt: attempt ?? 1,
    ...(typeof details === 'string' && { details }),
    ...(lastFailure?.message && { lastFailure: lastFailure.message }),
  };
}

function sayWait(seen: Seen, details: unknown): void {
  if (typeof details !== 'string' || !/^(waiting|watching) for /.test(details)) return;
  const text = details.replaceAll(/\d+ s more/g, '');
  if (seen.waits === text) return;
  seen.waits = text;
  say(`… ${details}`);
}

function lineOf(
  { activityType, attempt, state }: Pending,
  { took, details }: { readonly took: string; readonly details: unknown },
): string {
  const name = activityType?.name ?? 'a step';
  const what = summaryOf(name);
  const tried = attempt && attempt > 1 ? `, attempt ${attempt}` : '';
  // temporal.api.enums.v1.PendingActivityState: 1 = scheduled, 2 = started
  if (Number(state) !== 2) return `… ${what} (waiting ${took} for attempt ${attempt})`;
  const doing = typeof details === 'string' && details !== name ? `: ${details}` : '';
  return `… ${what} (running for ${took}${tried})${doing}`;
}
