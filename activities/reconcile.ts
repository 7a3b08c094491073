import { resetWhereAccepted } from '../src/admin-login/reset-admin.ts';
import type { Deploy } from '../src/deploy.ts';
import { Failure } from '../src/failure.ts';
import { readServices } from '../src/gcp/run.ts';
import { underMigrationLock } from '../src/postgres/advisory-lock.ts';
import { runMigrations } from '../src/postgres/alembic.ts';
import { downgradeTo } from '../src/postgres/downgrade.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { awaitDeath, endParked } from '../src/lease/await-death.ts';
import { isOf } from '../src/lease/read-lease.ts';
import { appendToLedger, readLedger } from '../src/releases/ledger.ts';
import { migrationFolders, releaseFolder } from '../src/releases/release-folder.ts';
import {
  abandonRollback,
  rollbackUnfinished,
  unfinishedRollback,
} from '../src/releases/unfinished-rollback.ts';
import { standingOf } from '../src/releases/standing.ts';
import { whoMigrates } from '../src/secret-values/migrator.ts';
import { databaseOf } from '../src/site-database.ts';
import { silence } from '../src/stacks/silence.ts';
import { laidOut } from '../src/stacks/laid-out.ts';
import { needed } from '../src/stacks/needed.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { awaitSilence } from '../src/temporal/await-silence.ts';
import { refuseDifferences } from '../src/verify/differences.ts';
import { trafficOf } from '../src/traffic.ts';
import { emptyPlans } from '../src/verify/empty-plans.ts';
import { withoutFoundSplits } from '../src/verify/found-splits.ts';
import { runningAsReleased } from '../src/verify/running.ts';
import type { Work } from './edge.ts';
import { watchingOf } from './lease.ts';
import { terminatedEntry } from './take-over.ts';

/** Reads the marker and where the environment stands; a clean environment has nothing unfinished. */
export async function planReconcile(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site } = work;
  const lease = await awaitDeath(site, watchingOf(d, work));
  if (lease && isOf(lease, d.runId)) return {};
  const marker = lease?.marker;
  const ledger = await readLedger(site);
  const previous = standingOf(ledger);
  if (!marker) return { previous, ...(previous && { bundle: previous.release }) };
  if (marker.kind === 'recover') throw recoveryUnfinished(site.name, marker.dirty);
  const fleeing = await unfinishedRollback(site, ledger);
  if (fleeing && !d.accept?.includes(abandonRollback)) throw rollbackUnfinished(site, fleeing);
  await resetWhereAccepted(site, d.accept ?? []);
  if (lease?.state === 'parked') await endParked(site, d.runId);
  const { dirty: runId, kind, actor, facts, receipts } = marker;
  // A run that stopped after its entry was written has nothing to wind back: its release stands.
  const stands = ledger.some((entry) => entry.runId === runId && entry.outcome === 'succeeded');
  const steps = stands ? [] : marker.steps;
  return { ...receipts, previous, unfinished: { runId, kind, actor, steps, facts } };
}

/** Once the dead run is silent: frees the locks that it held and pushes the states that it could not write. */
export async function freeLocks(d: Deploy, { site, signal, beat }: Work): Promise<Partial<Deploy>> {
  const { runId } = needed(d.unfinished, 'the unfinished run');
  await awaitSilence(site.home, { workflowId: `environment/${site.name}`, runId }, signal);
  const release = needed(d.bundle, 'its release');
  const secretVersions = { ...d.previous?.secretVersions, ...d.secretVersions };
  await silence(site, { runId, release, secretVersions }, { signal, beat });
  return {};
}

/** Down where the unfinished run went up, and up where it went down: to the standing revisions. */
export async function restoreSchema(d: Deploy, { site, signal }: Work): Promise<Partial<Deploy>> {
  const login = await databaseOf(site);
  const before = d.revisionsBefore;
  if (!login || !before) return {};
  const foldersOf = async (release: NonNullable<Deploy['bundle']>) =>
    migrationFolders(await releaseFolder(site, d.runId, release));
  const folders = await foldersOf(needed(d.bundle, 'the release'));
  const standing = d.previous && (await foldersOf(d.previous.release));
  const run = { runId: d.runId, limits: site.config.migrations };
  const as = await whoMigrates(site, login);
  const stays = await underMigrationLock(login, Object.keys(folders), async (lost) => {
    const left = await downgradeTo(login, before, { folders, as, run: { ...run, signal: lost } });
    if (standing && d.unfinished?.kind === 'rollback')
      await runMigrations(
        { verb: 'upgrade', folders: standing },
        { ...run, login: as, watcher: login, signal: AbortSignal.any([signal, lost]) },
      );
    return left;
  });
  return stays.length === 0 ? {} : { kept: [...(d.kept ?? []), ...stays] };
}

/** Asks the cloud whether it is at the standing release; gives the terminated run its entry. */
export async function verifyStanding(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const unfinished = needed(d.unfinished, 'the unfinished run');
  if (d.previous) {
    const { release, secretVersions } = d.previous;
    const site = await asReleased(work.site, release);
    const found = await runningAsReleased(site, release, secretVersions);
    const now = trafficOf(await readServices(site.google));
    refuseDifferences(withoutFoundSplits(found, now, d.trafficBefore));
    const asked = { runId: laidOut.alone(d.runId), release, secretVersions };
    refuseDifferences(await emptyPlans(site, asked, watchOf(work)));
  }
  const by = `by the reconciliation ${d.runId}`;
  await appendToLedger(work.site, terminatedEntry(unfinished, by, d.bundle));
  const services = await readServices(work.site.google);
  return { urls: Object.fromEntries(services.map(({ name, uri }) => [name, uri])) };
}

function recoveryUnfinished(environment: string, run: string): Failure {
  return new Failure({
    code: 'RECOVERY_UNFINISHED',
    what: `A recovery of ${environment} never ended`,
    why: `the recovery ${run} started and did not finish; a recovery is never rolled back`,
    fix: `Run \`windlass recover -e ${environment}\` again: it continues from what exists.`,
  });
}
