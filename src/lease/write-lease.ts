import { Failure } from '../failure.ts';
import { removeObject, replaceObject } from '../gcp/object-changes.ts';
import { patchMetadata } from '../gcp/patch-metadata.ts';
import type { ObjectState } from '../gcp/patch-metadata.ts';
import type { EnvironmentMarker } from '../releases/environment-marker.ts';
import type { Site } from '../site.ts';
import { leaseKeys, leaseRef, readLease } from './read-lease.ts';
import type { Lease, LeaseState } from './read-lease.ts';

const patience = 10; // two steps run side by side and a keeper beside them: lost races are common

/** What becomes of the lease: another content, its end, or nothing. */
export type LeaseChange =
  | { readonly write: EnvironmentMarker; readonly state?: LeaseState }
  | { readonly remove: true }
  | { readonly patch: LeaseState; readonly by?: string }
  | undefined;

/**
 * Changes the lease exactly from what `change` was shown; where somebody else was quicker, again on
 * theirs. What `change` throws is the caller's.
 */
export async function changeLease(
  site: Site,
  change: (lease: Lease | undefined) => LeaseChange,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const lease = await readLease(site);
    const wanted = change(lease);
    if (wanted === undefined) return;
    try {
      return await carryOut(site, lease, wanted);
    } catch (error) {
      if (!isMoved(error) || attempt === patience) throw error;
    }
  }
}

/** Says again that its holder lives: only the number of changes of its metadata rises. */
export async function renewLease(site: Site, state: ObjectState): Promise<ObjectState> {
  const beat = { [leaseKeys.beat]: String(Date.now()) };
  const { generation, metageneration } = await patchMetadata(site.google, state, beat);
  return { ...leaseRef(site), generation, metageneration };
}

/** Whether an error says that an object is no longer as it was seen. */
export function isMoved(error: unknown): boolean {
  return error instanceof Failure && moved.has(error.code);
}

const moved = new Set(['OBJECT_MOVED', 'GOOGLE_MOVED', 'GOOGLE_NOT_FOUND']);

async function carryOut(
  site: Site,
  lease: Lease | undefined,
  wanted: NonNullable<LeaseChange>,
): Promise<void> {
  const ref = { ...leaseRef(site), generation: lease?.generation ?? '0' };
  if ('write' in wanted) {
    const metadata = { [leaseKeys.state]: wanted.state ?? 'held' };
    const content = Buffer.from(`${JSON.stringify(wanted.write, null, 2)}\n`);
    return void (await replaceObject(site.google, ref, content, { metadata }));
  }
  if (!lease) return;
  if ('remove' in wanted) return removeObject(site.google, ref);
  const { patch, by } = wanted;
  const metadata = { [leaseKeys.state]: patch, ...(by && { [leaseKeys.by]: by }) };
  await patchMetadata(site.google, lease, metadata);
}
