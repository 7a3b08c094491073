import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { readMarker } from '../lease/read-lease.ts';
import type { EnvironmentMarker } from './environment-marker.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { readLedger } from './ledger.ts';

/**
 * The marker of a rollback that moved traffic and did not finish; undefined where there is none, or
 * where its release stands already.
 */
export async function unfinishedRollback(
  site: Site,
  ledger?: readonly LedgerEntry[],
): Promise<EnvironmentMarker | undefined> {
  const marker = await readMarker(site);
  if (marker?.kind !== 'rollback') return undefined;
  const entries = ledger ?? (await readLedger(site));
  const stands = entries.some(
    ({ runId, outcome }) => runId === marker.dirty && outcome === 'succeeded',
  );
  return stands ? undefined : marker;
}

/** A Failure where the unfinished rollback went to another release than the one that is asked for. */
export function refuseOtherTarget(
  site: Site,
  { dirty, receipts }: EnvironmentMarker,
  { release }: Standing,
): void {
  const begun = receipts.bundle?.id;
  if (begun === undefined || begun === release.id) return;
  throw new Failure({
    code: 'ENVIRONMENT_DIRTY',
    what: `${site.name} is being rolled back to ${begun}`,
    why: `the rollback ${dirty} did not finish, and ${release.id} is another release`,
    fix: `Finish it first: \`make ${site.name}-rollback\`; then \`windlass rollback -e ${site.name} --to ${release.id}\`.`,
  });
}

/** What a caller accepts who wants the release back that a rollback left. */
export const abandonRollback = 'abandon-rollback';

/** What a reconciliation answers to a rollback: nothing of it is wound back unasked. */
export function rollbackUnfinished(site: Site, { dirty }: EnvironmentMarker): Failure {
  return new Failure({
    code: 'ROLLBACK_UNFINISHED',
    what: `A rollback of ${site.name} did not finish`,
    why: `the rollback ${dirty} moved the traffic away from a release, and it is not moved back automatically`,
    fix: `Run \`windlass rollback -e ${site.name}\`: it continues from there. To return to the release that it left: \`windlass recover -e ${site.name} --reconcile --abandon-rollback\`.`,
  });
}
