import type { Binding } from './deploy.ts';
import type { Waiting } from './gcp/access.ts';
import { readServices } from './gcp/run.ts';
import { setAllTraffic } from './gcp/run-traffic.ts';
import type { RunService } from './gcp/run-service.ts';
import { isOfEnvironment } from './services-of-environment.ts';
import type { Site } from './site.ts';
import { boundSplit, latestShare } from './traffic.ts';

/** The environment's services whose traffic follows LATEST, and the revision that each means now. */
export async function followers(site: Site, waiting: Waiting = {}): Promise<readonly Binding[]> {
  return (await following(site, waiting)).map(bindingOf);
}

/**
 * Binds every split of the environment that follows LATEST to the revisions that it means now: a
 * revision that an apply makes would serve untested from its first moment. Answers what was bound.
 */
export async function bindFollowers(
  site: Site,
  waiting: Waiting & { readonly onSet?: (service: string) => void } = {},
): Promise<readonly Binding[]> {
  const services = await following(site, waiting);
  const wanted = services.map((service) => ({
    service: service.name,
    traffic: boundSplit(service),
    etag: service.etag, // another revision may have become ready since
  }));
  await setAllTraffic(site.google, wanted, waiting);
  return services.map(bindingOf);
}

/** A service without a ready revision serves nobody and has nothing to be bound to. */
async function following(site: Site, waiting: Waiting): Promise<readonly RunService[]> {
  return (await readServices(site.google, waiting)).filter(
    (service) =>
      service.latestReadyRevision !== '' &&
      latestShare(service) !== undefined &&
      isOfEnvironment(site, service),
  );
}

function bindingOf(service: RunService): Binding {
  const { name, latestReadyRevision: revision } = service;
  return { service: name, revision, percent: latestShare(service) ?? 0 };
}
