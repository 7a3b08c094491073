import { setTimeout as pause } from 'node:timers/promises';
import type { Place } from '../endpoints.ts';
import { watchSandbox } from './watch-sandbox.ts';
import { watchWorker } from './watch-worker.ts';

const lookEveryMs = 250;

/** What a run needs on this machine, kept running beside the watching of it. */
export interface Keeping {
  /** Rejects once something that the run needs cannot be kept running. */
  readonly vain: Promise<never>;
  /** Tells that the run got on: whatever died before did not die in vain. */
  readonly progressed: () => void;
  readonly stop: () => void;
}

/**
 * Starts the sandbox and the worker again where they die, until stopped. In a loop of its own: a
 * question to a run whose worker is dead, or to a dead Temporal, takes many seconds to fail.
 */
export function keepGoing(place: Place): Keeping {
  const over = new AbortController();
  const sandbox = watchSandbox(place);
  const worker = watchWorker(place);
  const { promise: vain, reject } = Promise.withResolvers<never>();
  vain.catch(() => undefined);
  const keep = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await sandbox.look();
      if (!over.signal.aborted) await worker.look();
      await pause(lookEveryMs, undefined, { signal: over.signal });
    }
  };
  keep().catch((error: unknown) => {
    if (!over.signal.aborted) reject(error);
  });
  return { vain, progressed: worker.progressed, stop: () => over.abort() };
}
