import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Site } from '../site.ts';
import { leaseDurations } from './durations.ts';
import { isOf, readLease } from './read-lease.ts';
import type { Lease } from './read-lease.ts';
import { busy } from './words.ts';
import { changeLease } from './write-lease.ts';

/** Who watches, and what is known of the run that is watched. */
export interface Watching {
  /** The run that would take the lease; its own is no obstacle. */
  readonly runId: string;
  /** This Temporal says that the holder has ended: what still renews the lease stops by itself. */
  readonly closed: (run: string) => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly beat: (progress: string) => void;
}

/**
 * Comes back once nobody holds the environment but a parked run, or `runId` itself. A holder that
 * renews is alive: ENVIRONMENT_BUSY. One that does not for the whole expiry, by this machine's steady
 * clock alone, is called dead in the lease itself: should it wake up, it finds that written there.
 */
export async function awaitDeath(site: Site, watching: Watching): Promise<Lease | undefined> {
  const { runId, signal, beat } = watching;
  let lease = await readLease(site);
  while (lease?.state === 'held' && !isOf(lease, runId)) {
    const { expiryMs, renewMs } = leaseDurations();
    const patienceMs = Math.max(expiryMs, (lease.marker.lease?.expirySeconds ?? 0) * 1000);
    const began = performance.now();
    const seen = lease;
    do {
      const seconds = Math.ceil((patienceMs - (performance.now() - began)) / 1000);
      beat(`watching for ${seconds} s more whether ${seen.marker.lease?.run} is still alive`);
      await pause(Math.min(renewMs / 4, 2000), undefined, { signal });
      lease = await readLease(site);
    } while (lease && same(lease, seen) && performance.now() - began < patienceMs);
    if (lease && same(lease, seen)) lease = await declareDead(site, seen, runId, patienceMs);
    else if (lease?.state === 'held' && !isOf(lease, runId))
      await refuseLiving(site, lease, watching);
  }
  return lease;
}

/** A parked run never expires: only a reconciliation ends its right to go on. */
export async function endParked(site: Site, runId: string): Promise<void> {
  const by = `the reconciliation ${runId}`;
  await changeLease(site, (now) => (now?.state === 'parked' ? { patch: 'ended', by } : undefined));
}

function same(a: Lease, b: Lease): boolean {
  return a.generation === b.generation && a.metageneration === b.metageneration;
}

async function declareDead(
  site: Site,
  seen: Lease,
  runId: string,
  ms: number,
): Promise<Lease | undefined> {
  const by = `the run ${runId}, which has not been renewed for ${Math.round(ms / 1000)} s`;
  await changeLease(site, (now) => (now && same(now, seen) ? { patch: 'ended', by } : undefined));
  return readLease(site);
}

async function refuseLiving(site: Site, lease: Lease, { closed }: Watching): Promise<void> {
  if (!(await closed(lease.marker.lease?.run ?? ''))) throw busy(site.name, lease);
}
