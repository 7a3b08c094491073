import type { StackName } from '../deploy.ts';
import { readObject } from '../gcp/objects.ts';
import type { Site } from '../site.ts';
import { readState } from './state-text.ts';

/**
 * The prefix of a stack's state in its bucket. While services move to another region there are two
 * states of them side by side, each of one region: the stack's own name belongs to the region whose
 * services it holds, or to any where it holds none; another region's has its name behind it.
 */
export async function stateName(site: Site, stack: StackName): Promise<string> {
  if (stack === '10-foundation') return stack;
  const { region } = site.config;
  const beside = `${stack}-${region}`;
  if ((await regionsIn(site, beside)).length > 0) return beside;
  const regions = await regionsIn(site, stack);
  return regions.length === 0 || regions.includes(region) ? stack : beside;
}

/** Where the services of a state lie; one that cannot be read may be of the region in question. */
async function regionsIn(site: Site, name: string): Promise<readonly unknown[]> {
  const ref = { bucket: site.stateBucket, name: `${name}/default.tfstate` };
  const content = await readObject(site.google, ref);
  if (content === undefined) return [];
  const state = readState(String(content));
  if (!state) return [site.config.region];
  const services = state.resources.filter(({ type }) =>
    /^google_cloud_run_(v2_)?service$/.test(type),
  );
  return services.flatMap(({ instances }) =>
    instances.map(({ attributes }) => attributes['location']),
  );
}
