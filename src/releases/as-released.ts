import type { Config } from '../config/config.ts';
import { configIn, servicesIn } from '../config/services-in.ts';
import type { ReleaseRef } from '../deploy.ts';
import { inRegion } from '../gcp/access.ts';
import type { ReleaseShelf, Site } from '../site.ts';
import { bundled } from './bundled.ts';

/**
 * The site as a release describes it: services, names and Supabase settings are the bundle's, doors
 * and rules stay the machine's. So an old release needs no working tree.
 */
export async function asReleased(site: Site, release: ReleaseRef): Promise<Site> {
  const { config, access, format } = await bundled(site, release);
  const { name, region, services, smoke, environments } = config;
  const released = environments[site.name]?.supabase;
  const { supabase } = site.environment;
  const { settings, exposedSchemas } = released ?? supabase;
  return {
    ...site,
    ...(access !== undefined && { bundledAccess: access }),
    releaseFormat: format,
    google: inRegion(site.google, region),
    config: { ...site.config, name, region, services: servicesIn(config, site.name), smoke },
    written: { ...site.written, name, region, services, smoke },
    environment: { ...site.environment, supabase: { ...supabase, settings, exposedSchemas } },
  };
}

/** windlass.yaml as it was bundled. */
export async function releasedConfig(site: ReleaseShelf, release: ReleaseRef): Promise<Config> {
  return (await bundled(site, release)).config;
}

/** That, with the services as the site's environment has them. */
export async function releasedHere(site: Site, release: ReleaseRef): Promise<Config> {
  return configIn(await releasedConfig(site, release), site.name);
}
