import type { Traffic, TrafficShare } from './deploy.ts';
import type { RunService } from './gcp/run-service.ts';

/** The split of every service, with LATEST resolved to the revision that it meant. */
export function trafficOf(services: readonly RunService[]): Traffic {
  return Object.fromEntries(services.map((service) => [service.name, sharesOf(service)]));
}

/** The revision that answers at a service's URL, if one answers everything. */
export function servingRevision(service: RunService): string | undefined {
  return sharesOf(service).find(({ percent }) => percent === 100)?.revision;
}

function sharesOf({ traffic, latestReadyRevision }: RunService): readonly TrafficShare[] {
  return traffic.map(({ revision, percent, tag }) => ({
    revision: revision === 'LATEST' ? latestReadyRevision : revision,
    percent,
    ...(tag && { tag }),
  }));
}
