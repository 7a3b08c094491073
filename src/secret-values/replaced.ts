import { Failure } from '../failure.ts';
import type { LedgerEntry } from '../releases/ledger-entry.ts';

/**
 * When the environment went over from another version of a secret to the one that it has now, in
 * ms since 1970; undefined where it never had another one.
 */
export function replacedAt(ledger: readonly LedgerEntry[], id: string): number | undefined {
  const ran = ledger.filter(
    ({ outcome, secretVersions }) => outcome === 'succeeded' && secretVersions[id],
  );
  const now = ran.at(-1)?.secretVersions[id];
  const last = ran.findLastIndex(({ secretVersions }) => secretVersions[id] !== now);
  const entry = last < 0 ? undefined : ran[last + 1];
  return entry && Date.parse(entry.at);
}

/** A Failure while a rollback may still need the version before; `keepHours` long. */
export function refuseStillKept(
  ledger: readonly LedgerEntry[],
  ids: readonly string[],
  keepHours: number,
): void {
  for (const id of ids) {
    const since = replacedAt(ledger, id);
    const until = (since ?? 0) + keepHours * 3_600_000;
    if (since === undefined || until <= Date.now()) continue;
    throw new Failure({
      code: 'SECRET_STILL_KEPT',
      what: `The version of ${id} before the current one is kept for rollbacks`,
      why: `it was replaced at ${new Date(since).toISOString()}, less than ${keepHours} h ago`,
      fix: `Wait until ${new Date(until).toISOString()}, or lower \`rotation.keepHours\`.`,
    });
  }
}
