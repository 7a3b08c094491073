import type { World } from '../world.ts';
import { type RevisionRecord, revisions, revisionsOf, serviceNamed, shortName } from './records.ts';
import { revisionOf } from './traffic.ts';

/** The most revisions that Cloud Run keeps of a service (its page "Quotas and limits"). */
const MOST_REVISIONS = 1000;

/** Forgets the oldest unused revisions of a service beyond the 1,000 that Cloud Run keeps. */
export function pruneRevisions(world: World, service: string): void {
  const all = revisionsOf(world, service);
  if (all.length <= MOST_REVISIONS) return;
  const unused = all
    .filter((revision) => isUnused(world, revision))
    .sort((a, b) => a.createTime.localeCompare(b.createTime));
  for (const revision of unused.slice(0, all.length - MOST_REVISIONS))
    revisions(world).delete(revision.name);
}

/** Whether a revision gets no requests, has no tag, is none of the latest and is not starting. */
function isUnused(world: World, { name, service, state }: RevisionRecord): boolean {
  const { served, latestReady, latestCreated, spec } = serviceNamed(world, service);
  const short = shortName(name);
  if ([latestReady, latestCreated].includes(short) || state.phase === 'pending') return false;
  if (served.some((target) => revisionOf(target, latestReady) === short)) return false;
  return !JSON.stringify(spec['traffic'] ?? []).includes(`"${short}"`);
}
