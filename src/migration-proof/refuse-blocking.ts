import { Failure } from '../failure.ts';
import type { Review } from '../migrations/review.ts';
import type { Proven } from './prove.ts';
import { blame } from './blame.ts';

/** A Failure for every revision that kept users of the copy waiting longer than they may be. */
export function refuseBlocking(
  reviews: Readonly<Record<string, readonly Review[]>>,
  proven: readonly Proven[],
): void {
  const faults = proven.flatMap((one) => faultsOf(one, reviews[one.service] ?? []));
  if (faults.length === 0) return;
  throw new Failure({
    code: 'MIGRATION_BLOCKS',
    what: 'A migration blocked other sessions for too long',
    why: faults.slice(0, 12).join('\n'),
    fix:
      'The real schemas were not changed. Split the revision, so that each of its locks is short ' +
      '(a new column, filled in batches, instead of another type; an index `concurrently`; one table a revision), ' +
      'or set in its file how long users may wait: `windlass_lock_timeout = "30s"`.',
  });
}

function faultsOf(one: Proven, reviews: readonly Review[]): readonly string[] {
  const { service, revision, lockTimeout, waited } = one;
  if (lockTimeout === undefined) return [];
  const file = reviews.find((review) => review.revision === revision)?.file ?? '';
  return waited.flatMap(({ table, readersMs, writersMs }) => {
    const longest = Math.max(readersMs, writersMs);
    if (longest <= lockTimeout * 1000) return [];
    const who = readersMs === longest ? 'readers' : 'writers';
    const times = `${(longest / 1000).toFixed(1)} s, longer than its lock timeout of ${lockTimeout} s`;
    return `${service}/${file} (${revision}) kept ${who} of ${table} waiting for ${times}${blame(one, table)}`;
  });
}
