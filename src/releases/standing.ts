import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** The newest standing of the environment: what its last successful run left; null = none yet. */
export function standingOf(entries: readonly LedgerEntry[]): Standing | null {
  const entry = sinceDestroyed(entries).findLast(isStanding);
  return entry ? toStanding(entry) : null;
}

/** Where a rollback goes: the newest standing of another release than the one in force. */
export function rollbackTarget(all: readonly LedgerEntry[], id?: string): Standing {
  const entries = sinceDestroyed(all);
  // A migration of the services leaves the release, and how it came about, as they were.
  const newest = entries.findLast((one) => isStanding(one) && one.kind !== 'migrate-v1');
  const now = newest && toStanding(newest);
  if (newest?.kind === 'rollback' && id === undefined) throw alreadyBack(newest);
  const target = entries.findLast(
    (entry) =>
      isStanding(entry) &&
      (id === undefined ? entry.release?.id !== now?.release.id : entry.release?.id === id),
  );
  if (target) return toStanding(target);
  throw new Failure({
    code: 'NO_ROLLBACK_TARGET',
    what: id
      ? `The environment has never run the release ${id}`
      : 'There is no release to roll back to',
    why: `its ledger has ${entries.length} entries, and none of another release that succeeded`,
    fix: 'List what it ran with `windlass releases list -e ENVIRONMENT`.',
  });
}

function alreadyBack(entry: LedgerEntry): Failure {
  return new Failure({
    code: 'ALREADY_ROLLED_BACK',
    what: `The environment was already rolled back to ${entry.release?.id}`,
    why: `ledger entry ${entry.number} is a rollback, and nothing was deployed since`,
    fix: 'To go further back, name the release: `windlass rollback -e ENVIRONMENT --to RELEASE`.',
  });
}

/** The entries of the environment as it was made last: of what was destroyed before nothing stands. */
export function sinceDestroyed(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const end = entries.findLastIndex(
    ({ kind, outcome }) => kind === 'destroy' && outcome === 'succeeded',
  );
  return entries.slice(end + 1);
}

function isStanding(entry: LedgerEntry): boolean {
  return entry.outcome === 'succeeded' && entry.release !== undefined;
}

function toStanding(entry: LedgerEntry): Standing {
  const { release, secretVersions, revisions, traffic, number } = entry;
  if (!release) throw new TypeError('a standing has a release');
  const shares = Object.entries(traffic).map(([service, split]) => [
    service,
    split.map(({ revision, percent, tag }) => ({ revision, percent, ...(tag && { tag }) })),
  ]);
  return { release, secretVersions, revisions, traffic: Object.fromEntries(shares), entry: number };
}
