import type { ReleaseRef } from '../deploy.ts';
import { readRevision, readServices } from '../gcp/run.ts';
import type { RunService } from '../gcp/run-service.ts';
import { releasedImages } from '../releases/released-images.ts';
import type { Site } from '../site.ts';
import { imageReferences } from '../stacks/images.ts';
import { servingRevision } from '../traffic.ts';

/** What differs between the release and what Cloud Run really serves; none = it agrees. */
export async function runningAsReleased(
  site: Site,
  release: ReleaseRef,
  secretVersions: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const images = imageReferences(site, await releasedImages(site, release));
  const services = new Map((await readServices(site.google)).map((one) => [one.name, one]));
  const found = await Promise.all(
    Object.entries(images).map(async ([name, image]) => {
      const service = services.get(name);
      return service ? differencesOf(site, service, image) : [`${name} does not exist`];
    }),
  );
  return [...found.flat(), ...mountDifferences([...services.values()], secretVersions)];
}

async function differencesOf(
  site: Site,
  service: RunService,
  image: string,
): Promise<readonly string[]> {
  const { name, ready, reason } = service;
  const revision = servingRevision(service);
  if (revision === undefined) return [`${name} splits its traffic`];
  const serving = await readRevision(site.google, { service: name, revision });
  return [
    ...(ready ? [] : [`${name} is not ready (${reason})`]),
    ...(serving?.image === image ? [] : [`${name} serves ${serving?.image}, not ${image}`]),
  ];
}

function mountDifferences(
  services: readonly RunService[],
  versions: Readonly<Record<string, string>>,
): readonly string[] {
  return services.flatMap(({ name, mounts }) =>
    mounts
      .map(({ secret, version }) => ({ id: secret.slice(secret.lastIndexOf('/') + 1), version }))
      .filter(({ id, version }) => versions[id] !== version)
      .map(({ id, version }) => `${name} mounts version ${version} of ${id}`),
  );
}
