import type { ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { imageKnown } from '../images/registries/image-known.ts';
import { releasedImages } from '../releases/released-images.ts';
import { storedImage } from '../releases/stored-image.ts';
import type { Site } from '../site.ts';
import { imageReferences } from './images.ts';

/** An image that a release needs and that can be had from nowhere. */
export interface MissingImage {
  readonly service: string;
  readonly reference: string;
}

/** The images of a release that neither the registry has nor, whole, the release bucket. */
export async function missingImages(
  site: Site,
  release: ReleaseRef,
): Promise<readonly MissingImage[]> {
  const references = imageReferences(site, await releasedImages(site, release));
  const looked = await Promise.all(
    Object.entries(references).map(async ([service, reference]) => {
      const digest = reference.slice(reference.indexOf('@') + 1);
      const found = (await imageKnown(site.google, reference)) || (await storedImage(site, digest));
      return found ? [] : [{ service, reference }];
    }),
  );
  return looked.flat();
}

/** A Failure that names every image that would be missed once the services are made. */
export async function refuseMissingImages(site: Site, release: ReleaseRef): Promise<void> {
  const missing = await missingImages(site, release);
  if (missing.length > 0) throw imagesMissing(missing);
}

/** The images that are nowhere, in one Failure. */
export function imagesMissing(missing: readonly MissingImage[]): Failure {
  return new Failure({
    code: 'IMAGE_MISSING',
    what: `The image of ${missing.map(({ service }) => service).join(', ')} is in no registry`,
    why: missing.map(({ reference }) => `${reference} does not exist`).join('; '),
    fix: 'Push it, or fix `image` in windlass.yaml. One that Windlass built is built again once its record below `builds/` in the release bucket is removed.',
  });
}
