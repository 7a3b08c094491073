import { dirty } from '../releases/environment-marker.ts';
import type { Site } from '../site.ts';
import { awaitDeath } from './await-death.ts';
import type { Watching } from './await-death.ts';
import { isOf, readLease } from './read-lease.ts';
import type { Lease } from './read-lease.ts';
import { busy } from './words.ts';

/**
 * ENVIRONMENT_BUSY while another run holds the environment, ENVIRONMENT_DIRTY where one began to
 * change it and never ended, unless it is the one that this run `continues`.
 */
export async function refuseDirty(site: Site, runId: string, continues?: string): Promise<void> {
  const lease = await readLease(site);
  if (!lease || isOf(lease, runId)) return;
  if (lease.state !== 'ended') throw busy(site.name, lease);
  refuseOther(site, lease, runId, continues);
}

/** The same; a holder that does not renew is watched until its lease has run out. */
export async function refuseTaken(
  site: Site,
  watching: Watching,
  continues?: string,
): Promise<void> {
  const { runId } = watching;
  const lease = await awaitDeath(site, watching);
  if (!lease || isOf(lease, runId)) return;
  const parked = lease.state === 'parked' && lease.marker.lease?.run;
  if (typeof parked === 'string' && !(await watching.closed(parked))) throw busy(site.name, lease);
  refuseOther(site, lease, runId, continues);
}

function refuseOther(site: Site, { marker }: Lease, runId: string, continues?: string): void {
  if (marker.dirty !== runId && marker.dirty !== continues) throw dirty(site.name, marker);
}
