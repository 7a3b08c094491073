import type { Deploy } from '../src/deploy.ts';
import { behindFence } from '../src/lease/fence.ts';
import { keepLease } from '../src/lease/keep-lease.ts';
import { readLease } from '../src/lease/read-lease.ts';
import { lost } from '../src/lease/words.ts';
import type { Work } from './edge.ts';

type Leased = Pick<Deploy, 'runId' | 'leased'>;

/**
 * The same work, done only under a fresh lease of its run, checked before it and at every door that
 * it writes through. Where the lease cannot be renewed in time the work is interrupted, and tried
 * again; where another run may write by now it ends for good.
 */
export function underLease<In extends Leased, Out>(work: (input: In, at: Work) => Promise<Out>) {
  return async (input: In, at: Work): Promise<Out> => {
    const { site, signal } = at;
    // A run of before there were leases marks the environment and no more; nobody else may hold it.
    if (!input.leased && !(await heldHere(at, input.runId))) return work(input, at);
    const kept = await keepLease(site, input.runId, AbortSignal.any([signal, at.leave]));
    try {
      const cut = AbortSignal.any([signal, kept.ended]);
      return await behindFence(kept, () => work(input, { ...at, signal: cut }));
    } catch (error) {
      throw signal.aborted ? error : (kept.reason() ?? error);
    } finally {
      kept.release();
    }
  };
}

/** The same; a run that has given its lease back already has only to say so again. */
export function untilGivenBack<In extends Leased, Out>(
  work: (input: In, at: Work) => Promise<Out>,
) {
  const leased = underLease(work);
  return async (input: In, at: Work): Promise<Out> => {
    const lease = await readLease(at.site);
    return !lease && at.attempt > 1 ? work(input, at) : leased(input, at);
  };
}

async function heldHere({ site }: Work, runId: string): Promise<boolean> {
  const lease = await readLease(site);
  if (!lease || lease.state === 'ended') return false;
  if (lease.marker.lease?.run !== runId) throw lost(site.name, runId, lease);
  return true;
}
