import { readLease } from '../lease/read-lease.ts';
import { busy } from '../lease/words.ts';
import type { Site } from '../site.ts';
import { runHere } from '../temporal/run-here.ts';

/**
 * Throws ENVIRONMENT_BUSY while a run that this Temporal knows nothing of holds the environment. Of
 * its own runs Temporal itself says whether they go on.
 */
export async function refuseHeld(site: Site): Promise<void> {
  const lease = await readLease(site);
  if (!lease || lease.state === 'ended') return;
  const run = lease.marker.lease?.run ?? lease.marker.dirty;
  if ((await runHere(site.home, site.name, run)) === 'unknown') throw busy(site.name, lease);
}

/** Throws ENVIRONMENT_BUSY while any run holds the environment; for what is changed without a run. */
export async function refuseLeased(site: Site): Promise<void> {
  const lease = await readLease(site);
  if (lease && lease.state !== 'ended') throw busy(site.name, lease);
}
