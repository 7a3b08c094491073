import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReleaseRef } from '../deploy.ts';
import { readProvidersLock } from '../providers/lock-file.ts';
import type { Site } from '../site.ts';
import { readJson } from '../stacks/read-json.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { buildShelf } from './build-shelf.ts';
import { bundled } from './bundled.ts';
import { releasedImages } from './released-images.ts';
import type { Parts, ReleasedImage } from './sbom.ts';
import { checkOutRelease } from './store.ts';
import { ToolVersions } from './tool-versions.ts';

/** The parts of a stored release, by its verified bundle and the records of its builds. */
export async function partsOf(site: Site, release: ReleaseRef): Promise<Parts> {
  const folder = await temporaryFolder('parts');
  try {
    await checkOutRelease(site, release, folder);
    const lock = join(folder, 'infra', 'stacks', '10-foundation', '.terraform.lock.hcl');
    const text = await readFile(lock, 'utf8').catch(() => undefined); // there was none
    return {
      project: site.config.name,
      ...{ release, images: await imagesOf(site, release) },
      providers: text === undefined ? [] : readProvidersLock(text),
      tools: await readJson(join(folder, 'tools.json'), ToolVersions),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function imagesOf(site: Site, release: ReleaseRef): Promise<readonly ReleasedImage[]> {
  const { builds } = await bundled(site, release);
  const images = Object.entries(await releasedImages(site, release));
  return Promise.all(
    images.map(async ([service, image]) => {
      const input = builds?.services[service]?.['input'];
      const record = typeof input === 'string' ? await buildShelf(site).find(input) : undefined;
      return { service, image, bases: record?.bases ?? {} };
    }),
  );
}
