import { Failure } from '../failure.ts';
import { acknowledge, pull } from '../gcp/pubsub.ts';
import type { Received } from '../gcp/pubsub.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import type { Site } from '../site.ts';

// As infra/modules/budget names it.
const subscription = 'windlass-budget';
const most = 100; // a week of Google's messages is some hundreds
const pulls = 5;
const patienceMs = 5000;

/** The budget's messages that wait, oldest first; none where the environment has no subscription. */
export async function waitingMessages(
  { google }: Site,
  signal: AbortSignal,
): Promise<readonly Received[]> {
  const all: Received[] = [];
  for (let left = pulls; left > 0; left -= 1) {
    const pulling = pull(google, { subscription, most, patienceMs }, { signal });
    const some = (await unlessMissing(pulling).catch(unlessOff)) ?? [];
    if (some.length === 0) break;
    all.push(...some);
  }
  return all.toSorted((a, b) => Date.parse(a.publishedAt) - Date.parse(b.publishedAt));
}

/** Google may forget these messages. */
export async function forgetMessages({ google }: Site, ackIds: readonly string[]): Promise<void> {
  await unlessMissing(acknowledge(google, { subscription, ackIds }));
}

/** Deployed before the budget had a topic, a project may have the API switched off. */
function unlessOff(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'GOOGLE_API_OFF') return;
  throw error;
}
