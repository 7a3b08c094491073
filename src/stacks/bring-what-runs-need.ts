import type { ReleaseRef } from '../deploy.ts';
import type { Patience } from '../gcp/await-spread.ts';
import type { Site } from '../site.ts';
import { awaitPermissions } from './await-permissions.ts';
import { pushImages } from './push-images.ts';

/**
 * What a revision needs before it is made: its image in the registry, and that its account can
 * really read its secrets. The foundation granted that a while ago: Google's two minutes pass while
 * the project is set up and the schemas are migrated.
 */
export async function bringWhatRunsNeed(
  site: Site,
  release: ReleaseRef,
  patience: Patience,
): Promise<void> {
  const ended = await Promise.allSettled([
    pushImages(site, release, patience),
    awaitPermissions(site, patience),
  ]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}
