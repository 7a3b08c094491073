import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { say } from './output/say.ts';
import { isTemporalAway } from './temporal-away.ts';

const patienceMs = 120_000; // as long as a command that watches a run waits for it
const betweenMs = 2000;

/** Does what only looks, again and again while Temporal does not answer; the wait is said once. */
export async function onceTemporalAnswers<T>(look: () => Promise<T>): Promise<T> {
  let said = false;
  for (const until = Date.now() + patienceMs; ; await pause(betweenMs)) {
    try {
      return await look();
    } catch (error) {
      if (!isAway(error) || Date.now() > until) throw error;
      if (!said) say('Temporal does not respond; waiting for up to 2 minutes …');
      said = true;
    }
  }
}

function isAway(error: unknown): boolean {
  const unreached = error instanceof Failure && error.code === 'TEMPORAL_UNREACHABLE';
  return unreached || isTemporalAway(error);
}
