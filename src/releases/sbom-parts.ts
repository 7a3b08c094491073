import type { z } from 'zod';
import type { ReleaseRef } from '../deploy.ts';
import { readProvidersLock } from '../providers/lock-file.ts';
import type { Site } from '../site.ts';
import { buildShelf } from './build-shelf.ts';
import { releasedImages } from './released-images.ts';
import type { Parts, ReleasedImage } from './sbom.ts';
import { BundledBuilds } from './store.ts';
import { storedFiles, storedJson } from './stored-files.ts';
import { ToolVersions } from './tool-versions.ts';

type Builds = z.infer<typeof BundledBuilds>['services'];

/** The parts of a stored release, by its verified bundle and the records of its builds. */
export async function sbomPartsOf(site: Site, release: ReleaseRef): Promise<Parts> {
  const files = await storedFiles(site, release);
  const lock = files.get('infra/stacks/10-foundation/.terraform.lock.hcl');
  const builds = files.has('builds.json') ? storedJson(files, 'builds.json', BundledBuilds) : null;
  return {
    project: site.config.name,
    ...{ release, images: await imagesOf(site, release, builds?.services ?? {}) },
    providers: lock === undefined ? [] : readProvidersLock(lock.toString()),
    tools: storedJson(files, 'tools.json', ToolVersions),
  };
}

async function imagesOf(
  site: Site,
  release: ReleaseRef,
  builds: Builds,
): Promise<readonly ReleasedImage[]> {
  const images = Object.entries(await releasedImages(site, release));
  return Promise.all(
    images.map(async ([service, image]) => {
      const input = builds[service]?.['input'];
      const record = typeof input === 'string' ? await buildShelf(site).find(input) : undefined;
      return { service, image, bases: record?.bases ?? {} };
    }),
  );
}
