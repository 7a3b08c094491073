import { dirty, markerVersion, withBeginning } from '../releases/environment-marker.ts';
import type { Beginning, EnvironmentMarker, Holder } from '../releases/environment-marker.ts';
import type { Site } from '../site.ts';
import { leaseDurations } from './durations.ts';
import { isOf } from './read-lease.ts';
import type { Lease } from './read-lease.ts';
import { busy, lost } from './words.ts';
import { changeLease } from './write-lease.ts';
import type { LeaseChange } from './write-lease.ts';

/** Who wants to change the environment. */
export interface Claim {
  readonly runId: string;
  readonly kind: string;
  readonly actor: string;
  readonly host?: string | undefined;
  readonly release?: string | undefined;
  /** The dead run whose half-changed environment this one goes on with; `any` = whichever it is. */
  readonly continues?: string | undefined;
}

/**
 * Makes this run the only one that may change the environment. ENVIRONMENT_BUSY where another holds
 * it, ENVIRONMENT_DIRTY where one that it does not continue left it half-changed, LEASE_LOST where
 * it was this run's and somebody ended it. Safe to repeat.
 */
export async function takeLease(site: Site, claim: Claim): Promise<void> {
  await changeLease(site, (lease) => taken(site, lease, claim));
}

/** Adds what a step says before it begins; LEASE_LOST where another run may write by now. */
export async function markDirty(site: Site, beginning: Beginning): Promise<void> {
  await changeLease(site, (lease) => {
    if (lease?.marker.lease && !isOf(lease, beginning.runId))
      throw lost(site.name, beginning.runId, lease);
    return { write: withBeginning(lease?.marker, beginning) };
  });
}

/** The environment is clean again; what another run holds by now is let be. */
export async function clearLease(site: Site, runId: string): Promise<void> {
  await changeLease(site, (lease) =>
    lease && mayEnd(lease, runId) ? { remove: true } : undefined,
  );
}

/** The run is over and leaves something half-changed; who may go on with it can take the lease at once. */
export async function endLease(site: Site, runId: string, by: string): Promise<void> {
  await changeLease(site, (lease) =>
    lease && isOf(lease, runId) ? { patch: 'ended', by } : undefined,
  );
}

/** Gives back a lease under which nothing was begun; what it was taken over from stays half-changed. */
export async function dropLease(site: Site, runId: string): Promise<void> {
  await changeLease(site, (lease) => {
    if (!lease || !isOf(lease, runId)) return undefined;
    const { dirty: run, steps } = lease.marker;
    if (run === runId && steps.length === 0) return { remove: true };
    return { patch: 'ended', by: `the run ${runId}, which started nothing` };
  });
}

/** The run waits for a person: nothing renews the lease, and it never expires. */
export async function parkLease(site: Site, runId: string): Promise<void> {
  await changeLease(site, (lease) =>
    lease && isOf(lease, runId) ? { patch: 'parked' } : undefined,
  );
}

function taken(site: Site, lease: Lease | undefined, claim: Claim): LeaseChange {
  const { runId, continues } = claim;
  if (!lease) return { write: { ...unbegun(claim), lease: holderOf(claim) } };
  const { marker, state } = lease;
  const ours = marker.lease ? marker.lease.run === runId : marker.dirty === runId;
  if (ours && marker.lease && state === 'ended') throw lost(site.name, runId, lease);
  if (ours && state === 'held') return undefined;
  if (ours && state === 'parked') return { patch: 'held' };
  if (state !== 'ended') throw busy(site.name, lease);
  if (!ours && continues !== 'any' && continues !== marker.dirty) throw dirty(site.name, marker);
  return { write: { ...marker, version: markerVersion, lease: holderOf(claim) } };
}

function mayEnd(lease: Lease, runId: string): boolean {
  // A marker of before there were leases belongs to the run that it names.
  return lease.marker.lease ? isOf(lease, runId) : lease.marker.dirty === runId;
}

function unbegun({ runId, kind, actor }: Claim): EnvironmentMarker {
  const since = new Date().toISOString();
  const version = markerVersion;
  return { version, dirty: runId, kind, actor, since, step: '', steps: [], receipts: {} };
}

function holderOf({ runId, kind, actor, host, release }: Claim): Holder {
  return {
    run: runId,
    kind,
    actor,
    since: new Date().toISOString(),
    expirySeconds: leaseDurations().expiryMs / 1000,
    ...(host !== undefined && { host }),
    ...(release !== undefined && { release }),
  };
}
