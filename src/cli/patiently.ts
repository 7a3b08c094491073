import { setTimeout as pause } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { say } from './output/say.ts';
import { isTemporalAway, temporalLost } from './temporal-away.ts';

const answerWithinMs = 5000;
const againMs = 500;
const sayAfterMs = 3000;
const patienceMs = 120_000; // a restart of a Temporal on the machine takes seconds, of a cluster a minute

/** Asks Temporal about a run again and again while it is away; a Failure where it stays away. */
export function patiently({ client, workflowId }: WorkflowHandle) {
  return async <T>(ask: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    for (let told = false; ;) {
      try {
        const answer = await client.withDeadline(Date.now() + answerWithinMs, ask);
        if (told) say('Temporal responds again');
        return answer;
      } catch (error) {
        const away = performance.now() - began;
        if (!isTemporalAway(error)) throw error;
        if (away > patienceMs) throw temporalLost(workflowId.split('/').at(-1) ?? '', error);
        if (away > sayAfterMs && !told) {
          say('Temporal does not respond; the run continues once it does …');
          told = true;
        }
        await pause(againMs);
      }
    }
  };
}
