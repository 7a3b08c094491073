import { statObject, readObject } from '../gcp/objects.ts';
import type { ObjectState } from '../gcp/patch-metadata.ts';
import { parsedMarker } from '../releases/environment-marker.ts';
import type { EnvironmentMarker } from '../releases/environment-marker.ts';
import type { Site } from '../site.ts';

/** What stands in the metadata of the lease: these change without a new version of the object. */
export const leaseKeys = { state: 'windlass-lease', beat: 'windlass-beat', by: 'windlass-by' };

/**
 * `held`: a run renews it; `parked`: its undo waits for a person, nothing renews it and it never
 * expires; `ended`: nobody may write by it any more.
 */
export type LeaseState = 'held' | 'parked' | 'ended';

/** The lease as the bucket has it at this moment. */
export interface Lease extends ObjectState {
  readonly marker: EnvironmentMarker;
  readonly state: LeaseState;
  /** Who ended it, in words. */
  readonly by?: string;
}

/** Where the lease lies. */
export function leaseRef(site: Pick<Site, 'releaseBucket'>) {
  return { bucket: site.releaseBucket, name: 'environment.json' };
}

/** The lease; undefined while nobody changes the environment and nothing is left half-changed. */
export async function readLease(site: Site): Promise<Lease | undefined> {
  for (;;) {
    const stored = await statObject(site.google, leaseRef(site));
    if (!stored) return undefined;
    const { generation, metageneration, metadata } = stored;
    const content = await readObject(site.google, { ...leaseRef(site), generation });
    if (!content) continue; // replaced between the two looks
    const marker = parsedMarker(site, content);
    const by = metadata[leaseKeys.by];
    const state = marker.lease ? stateOf(metadata[leaseKeys.state]) : 'ended';
    return { ...leaseRef(site), generation, metageneration, marker, state, ...(by && { by }) };
  }
}

/** Whether this run alone may change the environment by it. */
export function isOf({ marker, state }: Lease, runId: string): boolean {
  return state !== 'ended' && marker.lease?.run === runId;
}

/** The marker; undefined while the environment is clean. */
export async function readMarker(site: Site): Promise<EnvironmentMarker | undefined> {
  return (await readLease(site))?.marker;
}

function stateOf(text: string | undefined): LeaseState {
  return text === 'parked' || text === 'ended' ? text : 'held';
}
