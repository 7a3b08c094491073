import { readServices } from '../gcp/run.ts';
import { appendToLedger, readLedger } from '../releases/ledger.ts';
import { standingOf } from '../releases/standing.ts';
import type { Site } from '../site.ts';
import { trafficOf } from '../traffic.ts';

/**
 * Writes the migration into the ledger: the release that stands is the same, its traffic goes to the
 * revisions that it was bound to. Without a release there is nothing to say yet.
 */
export async function recordMigration(
  site: Site,
  { runId, actor }: { readonly runId: string; readonly actor: string },
): Promise<void> {
  const standing = standingOf(await readLedger(site));
  if (!standing) return;
  const { release, secretVersions, revisions } = standing;
  const traffic = Object.entries(trafficOf(await readServices(site.google)));
  await appendToLedger(site, {
    ...{ at: new Date().toISOString(), runId, kind: 'migrate-v1', actor, outcome: 'succeeded' },
    ...{ release, secretVersions, revisions, left: [] },
    traffic: Object.fromEntries(traffic.map(([name, split]) => [name, [...split]])),
  });
}
