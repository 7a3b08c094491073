import type { ReleaseRef } from '../deploy.ts';
import { pushImage } from '../images/push.ts';
import { imageKnown } from '../images/registries/image-known.ts';
import { releasedImages } from '../releases/released-images.ts';
import { storedImage } from '../releases/stored-image.ts';
import type { Site } from '../site.ts';
import { imageReferences, imageRepository } from './images.ts';
import { imagesMissing } from './missing-images.ts';

/** Pushes every image of a release that the registry lacks; a Failure names one that is nowhere. */
export async function pushImages(
  site: Site,
  release: ReleaseRef,
  { signal, beat }: { readonly signal: AbortSignal; readonly beat: (progress: string) => void },
): Promise<void> {
  const references = imageReferences(site, await releasedImages(site, release));
  for (const [service, reference] of Object.entries(references)) {
    if (await imageKnown(site.google, reference, { signal })) continue;
    beat(`pushing ${service}`);
    await pushFromBucket(site, { service, reference }, signal);
  }
}

async function pushFromBucket(
  site: Site,
  { service, reference }: { readonly service: string; readonly reference: string },
  signal: AbortSignal,
): Promise<void> {
  const digest = reference.slice(reference.indexOf('@') + 1);
  const image = await storedImage(site, digest);
  if (!image) throw imagesMissing([{ service, reference }]);
  const repository = imageRepository(site, service);
  await pushImage(site.google, { image, repository }, { signal });
}
