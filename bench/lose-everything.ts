import { siteOf } from '../src/endpoints.ts';
import { loseProject } from '../test/end-to-end/lose-project.ts';
import { corruptState, loseState, loseSupabase } from '../test/end-to-end/losses.ts';
import type { Project } from './project.ts';

/** Leaves of production nothing but the releases' bucket: services, secrets, states, database. */
export async function loseEverything({ root, home }: Project): Promise<void> {
  const site = await siteOf({ root, home }, 'production');
  await corruptState(site, '10-foundation');
  await loseState(site, '20-services');
  await loseSupabase(site);
  await loseProject(site, { keep: site.releaseBucket });
}
