import { ownValue } from '../../own-value.ts';
import type { Difference } from './difference.ts';
import { changedLeaves, leavesOf } from './leaves.ts';
import type { ReleaseParts } from './release-parts.ts';

/** What windlass.yaml says otherwise of everything but the services, as one environment reads it. */
export function compareSettings(
  before: ReleaseParts,
  after: ReleaseParts,
  environment: string,
): readonly Difference[] {
  return changedLeaves(settingsOf(before, environment), settingsOf(after, environment)).map(
    ({ path: name, ...change }) => ({ area: 'settings', name, ...change }),
  );
}

function settingsOf({ config }: ReleaseParts, name: string): ReadonlyMap<string, string> {
  const { services: _services, environments, smoke: _smoke, $schema: _schema, ...rest } = config;
  const { services: _own, ...environment } = ownValue(environments, name) ?? {};
  return leavesOf({ ...rest, ...environment });
}
