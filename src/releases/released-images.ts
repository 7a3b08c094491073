import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { BundledBuilds, BundledImages, checkOutRelease } from './store.ts';

/** Per service: the digest of its image, or the whole reference that windlass.yaml gave. */
export async function releasedImages(
  site: Site,
  release: ReleaseRef,
): Promise<Readonly<Record<string, string>>> {
  return reading(site, release, (folder) => readJson(join(folder, 'images.json'), BundledImages));
}

/** Services whose image is one for the sandbox's processes: all built ones, in older bundles. */
export async function releasedProcesses(
  site: Site,
  release: ReleaseRef,
): Promise<readonly string[]> {
  return reading(site, release, async (folder) => {
    const images = await readJson(join(folder, 'images.json'), BundledImages);
    const file = join(folder, 'builds.json');
    const kinds = existsSync(file) ? (await readJson(file, BundledBuilds)).services : {};
    return Object.keys(images).filter((name) =>
      kinds[name] ? kinds[name].kind === 'process' : images[name]?.startsWith('sha256:'),
    );
  });
}

async function reading<T>(
  site: Site,
  release: ReleaseRef,
  read: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('release');
  try {
    await checkOutRelease(site, release, folder);
    return await read(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
