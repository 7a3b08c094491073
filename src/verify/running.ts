import { backgroundDifferences } from '../background/wanted.ts';
import { backgroundOf } from '../config/kind.ts';
import type { ReleaseRef } from '../deploy.ts';
import { readServices } from '../gcp/run.ts';
import type { RunService } from '../gcp/run-service.ts';
import { releasedImages } from '../releases/released-images.ts';
import { servingOf } from '../serving.ts';
import type { Site } from '../site.ts';
import { imageReferences } from '../stacks/images.ts';
import { splitsItsTraffic } from './found-splits.ts';

/** What differs between the release and what Cloud Run really serves; none = it agrees. */
export async function runningAsReleased(
  site: Site,
  release: ReleaseRef,
  secretVersions: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const images = imageReferences(site, await releasedImages(site, release));
  const services = new Map((await readServices(site.google)).map((one) => [one.name, one]));
  const behind = new Set(backgroundOf(site.config.services));
  const found = await Promise.all(
    Object.entries(images)
      .filter(([name]) => !behind.has(name))
      .map(async ([name, image]) => {
        const service = services.get(name);
        if (!service) return [`${name} does not exist`];
        return differencesOf(site, service, { image, secretVersions });
      }),
  );
  return [...found.flat(), ...(await backgroundDifferences(site, { images, secretVersions }))];
}

async function differencesOf(
  site: Site,
  service: RunService,
  wanted: { readonly image: string; readonly secretVersions: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  const { name, ready, reason } = service;
  const serving = await servingOf(site, service);
  if (serving.name === undefined) return [splitsItsTraffic(name)];
  const image = serving.revision?.image;
  return [
    ...(ready ? [] : [`${name} is not ready (${reason})`]),
    ...(image === wanted.image ? [] : [`${name} serves ${image}, not ${wanted.image}`]),
    ...(serving.revision?.mounts ?? [])
      .filter(({ secret, version }) => wanted.secretVersions[secret] !== version)
      .map(({ secret, version }) => `${name} mounts version ${version} of ${secret}`),
  ];
}
