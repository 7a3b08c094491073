import { z } from 'zod';
import type { World } from '../../world.ts';
import { GoogleError } from '../http.ts';
import { findManifest, type FoundImage } from './manifests.ts';
import type { ImageName } from './store.ts';

const Platform = z.looseObject({ os: z.string().optional(), architecture: z.string().optional() });

/** The image for linux/amd64: the one that is named, or that one of the index that is named. */
export function imageForCloud(world: World, name: ImageName, reference: string): FoundImage {
  const found = findManifest(world, name, reference);
  if (found.manifest !== undefined) return { ...found, manifest: found.manifest };
  const child = found.index?.manifests.find(({ platform }) => isCloud(platform));
  const image = child === undefined ? undefined : findManifest(world, name, child.digest);
  if (image?.manifest !== undefined) return { ...image, manifest: image.manifest };
  throw notForCloud(found.type);
}

/** Refuses an image whose configuration names another platform than Cloud Run's. */
export function refuseForeign(config: unknown, type: string): void {
  const { os = 'linux', architecture = 'amd64' } = Platform.parse(config);
  if (os !== 'linux' || architecture !== 'amd64') throw notForCloud(type);
}

const isCloud = (platform: unknown): boolean => {
  const read = Platform.safeParse(platform ?? {}).data;
  return read?.os === 'linux' && read.architecture === 'amd64';
};

function notForCloud(type: string): GoogleError {
  return new GoogleError(
    'INVALID_ARGUMENT',
    `Container manifest type '${type}' must support amd64/linux.`,
  );
}
