import type { Site } from '../site.ts';

/** The repository of a service's images in the environment's registry. */
export function imageRepository(site: Site, service: string): string {
  const { region, name } = site.config;
  return `${region}-docker.pkg.dev/${site.environment.project}/${name}/${service}`;
}

/** The full reference of every image; one that windlass.yaml gave whole stays as it is. */
export function imageReferences(
  site: Site,
  digests: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(digests).map(([service, image]) => [
      service,
      image.startsWith('sha256:') ? `${imageRepository(site, service)}@${image}` : image,
    ]),
  );
}
