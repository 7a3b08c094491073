import type { Deploy } from '../deploy.ts';
import { releasedConfig } from '../releases/as-released.ts';
import type { Site } from '../site.ts';

/** Whether a run's services lie in another region than those before, and so in another state. */
export async function changesRegion(
  site: Site,
  { previous }: Pick<Deploy, 'previous'>,
): Promise<boolean> {
  if (!previous) return false;
  return (await releasedConfig(site, previous.release)).region !== site.config.region;
}
