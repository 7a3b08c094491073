import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import type { ReleaseRef } from '../deploy.ts';
import type { Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { BundledImages, checkOutRelease } from './store.ts';

/** Per service: the digest of its image, or the whole reference that windlass.yaml gave. */
export async function releasedImages(
  site: Site,
  release: ReleaseRef,
): Promise<Readonly<Record<string, string>>> {
  const folder = await temporaryFolder('release');
  try {
    await checkOutRelease(site, release, folder);
    return await readJson(join(folder, 'images.json'), BundledImages);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
