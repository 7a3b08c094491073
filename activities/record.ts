import { readServices } from '../src/gcp/run.ts';
import type { Deploy } from '../src/deploy.ts';
import { reviewRevisions } from '../src/migrations/review.ts';
import { stateMarks } from '../src/planning/state-marks.ts';
import { appendToLedger } from '../src/releases/ledger.ts';
import { migrationFolders, releaseFolder } from '../src/releases/release-folder.ts';
import { factsOf } from '../src/run-facts.ts';
import { databaseServices } from '../src/services.ts';
import { requireDatabase } from '../src/site-database.ts';
import type { Site } from '../src/site.ts';
import { laidOut } from '../src/stacks/laid-out.ts';
import { needed } from '../src/stacks/needed.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { trafficOf } from '../src/traffic.ts';
import { refuseDifferences } from '../src/verify/differences.ts';
import { emptyPlans } from '../src/verify/empty-plans.ts';
import { runningAsReleased } from '../src/verify/running.ts';
import { currentRevisions } from '../src/postgres/current-revisions.ts';
import type { Work } from './edge.ts';
import { terminatedEntry } from './take-over.ts';

/** Asks the cloud whether it agrees with the plan, then writes the run into the ledger. */
export async function verifyAndRecord(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat } = work;
  const release = needed(d.bundle, 'the release');
  const secretVersions = d.secretVersions ?? needed(d.plan, 'the plan').secretVersions;
  beat('asking Cloud Run');
  refuseDifferences(await runningAsReleased(site, release, secretVersions));
  if (!d.plan?.unchanged || d.target) {
    beat('planning a second time');
    // Where nothing leaves, the run has laid out the release alone.
    const runId = d.plan?.removal || d.recover ? laidOut.alone(d.runId) : d.runId;
    const asked = { runId, release, secretVersions };
    refuseDifferences(await emptyPlans(site, asked, watchOf(work)));
  }
  const services = await readServices(site.google);
  const urls = Object.fromEntries(services.map(({ name, uri }) => [name, uri]));
  if (d.plan?.unchanged && !d.target) return { urls };
  await recordUnfinished(d, site);
  const entry = await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: d.runId,
    kind: d.recover ? 'recover' : d.target ? 'rollback' : 'deploy',
    actor: d.actor,
    outcome: 'succeeded',
    release,
    secretVersions,
    revisions: await currentRevisions(await requireDatabase(site), databaseServices(site.config)),
    traffic: mutable(trafficOf(services)),
    left: [],
    undo: {},
    states: await stateMarks(site),
    ...factsOf(d),
    ...(d.kept && { kept: d.kept }),
    ...(d.locks && { locks: d.locks }),
    ...(await migrationsOf(site, d)),
    ...acceptedOf(d),
    ...(d.stepSeconds && { seconds: d.stepSeconds }),
  });
  return { urls, ledgerEntry: entry.number };
}

/** A rollback that was terminated could not write its own entry: the one that went on does. */
async function recordUnfinished({ unfinished, target, runId }: Deploy, site: Site): Promise<void> {
  if (!unfinished || !target || unfinished.runId === runId) return;
  await appendToLedger(
    site,
    terminatedEntry(unfinished, `by the rollback ${runId}`, target.release),
  );
}

/** What this environment proves for others: every revision of the release, by its bytes. */
async function migrationsOf(site: Site, { runId, bundle, target }: Deploy) {
  if (site.config.migrations.proof !== 'staging' || !bundle || target) return {};
  const folders = await migrationFolders(await releaseFolder(site, runId, bundle));
  const digests = Object.entries(await reviewRevisions(folders)).flatMap(([service, reviews]) =>
    reviews.map(({ revision, sha256 }) => [`${service}/${revision}`, sha256]),
  );
  return { migrations: Object.fromEntries(digests) };
}

/** The points of no return of the plan, each of which the caller named. */
function acceptedOf({ plan, target, accept = [] }: Deploy) {
  const unproven = accept.filter((name) => name.startsWith('unproven:'));
  const names = [...(plan?.undo.pointsOfNoReturn ?? []), ...unproven];
  return names.length === 0 || target ? {} : { accepted: names };
}

function mutable(traffic: ReturnType<typeof trafficOf>) {
  return Object.fromEntries(Object.entries(traffic).map(([name, split]) => [name, [...split]]));
}
