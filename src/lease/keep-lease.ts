import type { Site } from '../site.ts';
import { outsideFence } from './fence.ts';
import type { Fence } from './fence.ts';
import { Keeper } from './keeper.ts';

/** A lease that this process renews for as long as somebody needs it. */
export interface Keeping extends Fence {
  /** Aborts, with the reason, once this process may not write any more. */
  readonly ended: AbortSignal;
  /** Why it may not write; undefined while it may. */
  readonly reason: () => unknown;
  readonly release: () => void;
}

const keepers = new Map<string, Keeper>();

/**
 * Renews the lease of a run until `release`, together with whoever else in this process needs it.
 * Comes back once the lease is fresh: waits while the bucket does not answer, until `signal`;
 * LEASE_LOST where the run may not write any more.
 */
export async function keepLease(site: Site, runId: string, signal: AbortSignal): Promise<Keeping> {
  const key = `${site.releaseBucket} ${runId}`;
  const keeper = keepers.get(key) ?? outsideFence(() => new Keeper(site, runId));
  keepers.set(key, keeper);
  keeper.users += 1;
  const release = (): void => {
    keeper.users -= 1;
    if (keeper.users > 0) return;
    keeper.stop();
    if (keepers.get(key) === keeper) keepers.delete(key);
  };
  try {
    await orAborted(
      outsideFence(() => keeper.fresh()),
      signal,
    );

    const ended = keeper.signal;
    const reason = () => (ended.aborted ? ended.reason : undefined);
    return {
      run: runId,
      assertFresh: () => keeper.assertFresh(),
      ended,
      reason,
      release: once(release),
    };
  } catch (error) {
    release();
    throw error;
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  work.catch(() => undefined);
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
