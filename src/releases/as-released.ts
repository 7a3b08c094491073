import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import type { Config } from '../config/config.ts';
import type { ReleaseRef } from '../deploy.ts';
import { inRegion } from '../gcp/access.ts';
import type { ReleaseShelf, Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { readFormat } from './format.ts';
import { BundledConfig, checkOutRelease } from './store.ts';
import { held } from '../held.ts';

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
    config: { ...site.config, name, region, services, smoke },
    environment: { ...site.environment, supabase: { ...supabase, settings, exposedSchemas } },
  };
}

/** windlass.yaml as it was bundled. */
export async function releasedConfig(site: ReleaseShelf, release: ReleaseRef): Promise<Config> {
  return (await bundled(site, release)).config;
}

interface Bundled {
  readonly config: Config;
  readonly access: string | undefined;
  readonly format: number;
}

const known = new Map<string, Promise<Bundled>>();

/** Read once per process, for a release never changes. */
async function bundled(site: ReleaseShelf, release: ReleaseRef): Promise<Bundled> {
  const key = `${site.releaseBucket}/${release.id}/${release.sha256}`;
  const already = known.get(key) ?? held(read(site, release));
  known.set(key, already);
  already.catch(() => known.delete(key)); // a bucket that does not answer is asked again
  return already;
}

async function read(site: ReleaseShelf, release: ReleaseRef): Promise<Bundled> {
  const folder = await temporaryFolder('config');
  try {
    await checkOutRelease(site, release, folder);
    const format = await readFormat(folder);
    const config = await readJson(join(folder, 'windlass.json'), BundledConfig);
    const access = await readFile(join(folder, 'access.yaml'), 'utf8').catch(() => undefined);
    return { config, access, format };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
