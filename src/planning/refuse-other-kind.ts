import type { ReleaseRef } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { ownValue } from '../own-value.ts';
import { releasedHere } from '../releases/as-released.ts';
import type { Site } from '../site.ts';

/**
 * Throws KIND_CHANGED where a service has become a job or a worker, or the other way: one would go
 * before the other is tested.
 */
export async function refuseOtherKind(
  site: Site,
  previous: { readonly release: ReleaseRef } | null | undefined,
): Promise<void> {
  if (!previous) return;
  const before = (await releasedHere(site, previous.release)).services;
  const changed = Object.entries(site.config.services).filter(
    ([name, { kind }]) => (ownValue(before, name)?.kind ?? kind) !== kind,
  );
  if (changed.length === 0) return;
  throw new Failure({
    code: 'KIND_CHANGED',
    what: changed.map(([name, { kind }]) => `${name} has become a ${kind}`).join(', '),
    why: 'the one that runs would have to go before the new one can be tried',
    fix: 'Give the new one another name in windlass.yaml; the old one is removed once it is tested.',
  });
}
