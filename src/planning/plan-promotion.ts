import { readRevision, readServices } from '../gcp/run.ts';
import type { Site } from '../site.ts';
import { servingRevision } from '../traffic.ts';

/** Services whose serving revision does not run the release's image. */
export async function planPromotion(
  site: Site,
  references: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const services = await readServices(site.google);
  const serving = await Promise.all(
    services.map(async (service) => [service.name, await servingImage(site, service)] as const),
  );
  const images: Readonly<Record<string, string | undefined>> = Object.fromEntries(serving);
  return Object.keys(references).filter((name) => images[name] !== references[name]);
}

async function servingImage(
  site: Site,
  service: Awaited<ReturnType<typeof readServices>>[number],
): Promise<string | undefined> {
  const revision = servingRevision(service);
  if (revision === undefined) return undefined;
  if (revision === service.latestCreatedRevision) return service.image;
  return (await readRevision(site.google, { service: service.name, revision }))?.image;
}
