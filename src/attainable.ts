import type { Traffic } from './deploy.ts';
import { readRevision, readServices } from './gcp/run.ts';
import type { WantedTraffic } from './gcp/run-traffic.ts';
import type { RunService } from './gcp/run-service.ts';
import { isOfEnvironment } from './services-of-environment.ts';
import type { Site } from './site.ts';

/**
 * A recorded split as it can still be had: services that are gone, and those of others, are left
 * out; one that was deleted and made anew since, so that its revisions are lost, serves its newest.
 */
export async function attainable(site: Site, traffic: Traffic): Promise<readonly WantedTraffic[]> {
  const services = await readServices(site.google);
  const recorded = services.filter(
    (service) => (traffic[service.name]?.length ?? 0) > 0 && isOfEnvironment(site, service),
  );
  return Promise.all(recorded.map((service) => splitOf(site, service, traffic)));
}

async function splitOf(site: Site, service: RunService, traffic: Traffic): Promise<WantedTraffic> {
  const { name, latestReadyRevision } = service;
  const split = traffic[name] ?? [];
  const found = await Promise.all(
    split.map(({ revision }) => readRevision(site.google, { service: name, revision })),
  );
  const lost = found.some((revision) => revision === undefined);
  return lost && latestReadyRevision !== ''
    ? { service: name, traffic: [{ revision: latestReadyRevision, percent: 100 }] }
    : { service: name, traffic: split };
}
