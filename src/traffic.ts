import type { Traffic, TrafficShare } from './deploy.ts';
import type { RunService, TrafficTarget } from './gcp/run-service.ts';

/** Google's default where a service states no split. */
const all: readonly TrafficTarget[] = [{ revision: 'LATEST', percent: 100 }];

/** The split of every service, bound to the revisions that LATEST meant. */
export function trafficOf(services: readonly RunService[]): Traffic {
  return Object.fromEntries(services.map((service) => [service.name, boundSplit(service)]));
}

/** The revision that answers at a service's URL, if one answers everything. */
export function servingRevision(service: RunService): string | undefined {
  const totals = new Map<string, number>();
  for (const { revision, percent } of sharesOf(service))
    totals.set(revision, (totals.get(revision) ?? 0) + percent);
  return [...totals].find(([, percent]) => percent === 100)?.[0];
}

/**
 * The percentage that goes to whatever revision is the newest, 0 where only a tag does; undefined
 * where every line names its revision, so that an apply moves nothing.
 */
export function latestShare({ traffic }: Pick<RunService, 'traffic'>): number | undefined {
  const lines: RunService['traffic'] = traffic.length > 0 ? traffic : all;
  const followers = lines.filter(
    ({ revision, percent, tag }) => revision === 'LATEST' && (percent > 0 || tag !== undefined),
  );
  if (followers.length === 0) return undefined;
  return followers.reduce((sum, { percent }) => sum + percent, 0);
}

/** The same split with every line bound to a revision by name; tags keep a line of their own. */
export function boundSplit(service: RunService): readonly TrafficShare[] {
  const lines = sharesOf(service);
  const untagged = new Map<string, number>();
  for (const { revision, percent, tag } of lines)
    if (tag === undefined) untagged.set(revision, (untagged.get(revision) ?? 0) + percent);
  return [
    ...[...untagged].map(([revision, percent]) => ({ revision, percent })),
    ...lines.filter(({ tag }) => tag !== undefined),
  ];
}

function sharesOf({ traffic, latestReadyRevision }: RunService): readonly TrafficShare[] {
  const lines = traffic.length > 0 ? traffic : all;
  return lines
    .map(({ revision, percent, tag }) => ({
      revision: revision === 'LATEST' ? latestReadyRevision : revision,
      percent,
      ...(tag && { tag }),
    }))
    .filter(({ revision }) => revision !== ''); // nothing was ever ready, so nothing answers
}
