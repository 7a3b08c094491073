import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { BundledConfig, checkOutRelease } from './store.ts';

/**
 * The site as a release describes it: services, names and Supabase settings are the bundle's, doors
 * and rules stay the machine's. So an old release needs no working tree.
 */
export async function asReleased(site: Site, release: ReleaseRef): Promise<Site> {
  const { name, region, services, environments } = await releasedConfig(site, release);
  const released = environments[site.name]?.supabase;
  const { supabase } = site.environment;
  const { settings, exposedSchemas } = released ?? supabase;
  return {
    ...site,
    config: { ...site.config, name, region, services },
    environment: { ...site.environment, supabase: { ...supabase, settings, exposedSchemas } },
  };
}

const known = new Map<string, Promise<Config>>();

/** windlass.yaml as it was bundled; read once per process, for a release never changes. */
export async function releasedConfig(site: Site, release: ReleaseRef): Promise<Config> {
  const key = `${site.releaseBucket}/${release.sha256}`;
  const already = known.get(key) ?? read(site, release);
  known.set(key, already);
  already.catch(() => known.delete(key)); // a bucket that does not answer is asked again
  return already;
}

async function read(site: Site, release: ReleaseRef): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-config-'));
  try {
    await checkOutRelease(site, release, folder);
    return await readJson(join(folder, 'windlass.json'), BundledConfig);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
