import { listBackups } from '../backups/list-backups.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';

/** Throws where the place of a drill was the environment's own project once, as a backup tells. */
export async function refuseFormer(site: Site, scratch: Pick<Site, 'environment'>): Promise<void> {
  const { project } = scratch.environment;
  const found = (await listBackups(site)).findLast(({ manifest }) => manifest.project === project);
  if (!found) return;
  const { environment, at } = found.manifest;
  throw new Failure({
    code: 'DRILL_PLACE_OCCUPIED',
    what: `Nothing was deleted: ${project} has been an environment`,
    why: `a backup of ${environment} was made there at ${at}`,
    fix: 'Name an empty Google project that never was one as `drillProject`.',
  });
}
