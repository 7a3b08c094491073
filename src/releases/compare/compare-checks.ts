import type { Difference } from './difference.ts';
import { changedLeaves } from './leaves.ts';
import type { ReleaseParts } from './release-parts.ts';

/** Smoke checks that were added, removed or changed, by their names. */
export function compareChecks(before: ReleaseParts, after: ReleaseParts): readonly Difference[] {
  return changedLeaves(checksOf(before), checksOf(after)).map(({ path, change }) => ({
    area: 'smoke',
    name: path,
    change,
  }));
}

function checksOf({ config: { smoke = [] } }: ReleaseParts): ReadonlyMap<string, string> {
  return new Map(smoke.map((check) => [check.name, JSON.stringify(check)]));
}
