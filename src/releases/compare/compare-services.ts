import type { Service } from '../../config/service.ts';
import { ownValue } from '../../own-value.ts';
import type { Difference } from './difference.ts';
import { changedLeaves, leavesOf } from './leaves.ts';
import type { ReleaseParts } from './release-parts.ts';

/** Services that were added or removed, and what changed of the others. */
export function compareServices(before: ReleaseParts, after: ReleaseParts): readonly Difference[] {
  const names = new Set([...servicesOf(before), ...servicesOf(after)]);
  return [...names].toSorted().flatMap((name) => {
    const [was, is] = [before, after].map(({ config }) => ownValue(config.services, name));
    if (!was || !is) return [{ area: 'services', name, change: was ? 'removed' : 'added' }];
    const [old, now] = [before, after].map(({ images }) => ownValue(images, name));
    return changedLeaves(fieldsOf(was, old), fieldsOf(is, now)).map((leaf) => shown(name, leaf));
  });
}

function servicesOf({ config }: ReleaseParts): readonly string[] {
  return Object.keys(config.services);
}

/** What runs, and with what; where its image was made from changes nothing by itself. */
function fieldsOf(service: Service, image: string | undefined): ReadonlyMap<string, string> {
  const { source: _source, build: _build, image: _named, ...rest } = service;
  return leavesOf({ image, ...rest });
}

/** A secret is told of by its name alone. */
function shown(
  name: string,
  { path, change, ...values }: ReturnType<typeof changedLeaves>[number],
): Difference {
  const of = { area: 'services', name, field: path, change } as const;
  return path.startsWith('secrets.') ? of : { ...of, ...values };
}
