import type { Traffic, TrafficShare } from '../deploy.ts';

/** What is said of a service that several revisions answer. */
export function splitsItsTraffic(service: string): string {
  return `${service} splits its traffic`;
}

/**
 * The differences without the splits that a run had found and that stand as they did: a canary of
 * before is no trace of the run. `before` is absent where the run died before it looked at any.
 */
export function withoutFoundSplits(
  differences: readonly string[],
  now: Traffic,
  before: Traffic | undefined,
): readonly string[] {
  const stands = (name: string) =>
    before === undefined || served(now[name] ?? []) === served(before[name] ?? []);
  const found = new Set(Object.keys(now).filter(stands).map(splitsItsTraffic));
  return differences.filter((line) => !found.has(line));
}

function served(split: readonly TrafficShare[]): string {
  const shares: Record<string, number> = {};
  for (const { revision, percent } of split)
    if (percent > 0) shares[revision] = (shares[revision] ?? 0) + percent;
  const lines = Object.entries(shares).map(([revision, percent]) => `${revision} ${percent}`);
  return lines.sort().join();
}
