import type { Deploy } from '../src/deploy.ts';
import { endBucket } from '../src/destruction/end-bucket.ts';
import { endDatabase as endOwnDatabase } from '../src/destruction/end-database.ts';
import { endDrill } from '../src/destruction/end-drill.ts';
import {
  endFoundation as endOwnFoundation,
  endServices as endOwnServices,
  ownThings,
} from '../src/destruction/end-stacks.ts';
import { inventoryOf } from '../src/destruction/inventory.ts';
import { isReleaseObject, isStateObject } from '../src/destruction/own-objects.ts';
import { planOfDestruction, refuseOtherInventory } from '../src/destruction/plan-destruction.ts';
import { refuseLeftOver } from '../src/destruction/refuse-left-over.ts';
import { readLease } from '../src/lease/read-lease.ts';
import { busy } from '../src/lease/words.ts';
import { ensureBuckets } from '../src/planning/ensure-buckets.ts';
import { appendToLedger, readLedger } from '../src/releases/ledger.ts';
import { factsOf } from '../src/run-facts.ts';
import { needed } from '../src/stacks/needed.ts';
import { watchOf } from '../src/stacks/watch.ts';
import { endOwnSchedules } from '../src/temporal/own-schedules.ts';
import type { Work } from './edge.ts';
import { keeping } from './keeping.ts';

/** Looks at all that there is, which must be what was confirmed; touches nothing. */
export async function planDestruction(d: Deploy, { site, beat }: Work): Promise<Partial<Deploy>> {
  await ensureBuckets(site); // of a wrong project nothing is even looked at
  await readLedger(site); // a broken one could not take this run's entry
  beat('looking for all that belongs to the environment');
  const inventory = await inventoryOf(site, d.accept);
  refuseOtherInventory(site, needed(d.destroy, 'what was confirmed').digest, inventory);
  const { release, secretVersions, foreign } = inventory;
  const { patience, secondPerson } = site.config.approval;
  return {
    ...(release && { bundle: release }),
    secretVersions,
    plan: await planOfDestruction(site, d.runId, inventory),
    approvalRules: { patienceSeconds: patience, secondPerson },
    kept: [...foreign],
  };
}

/** Ends what starts by the clock, and takes away what a drill left. */
export async function endSchedules(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  await endOwnSchedules(work.site);
  return keeping(d, await endDrill(work.site, d, watchOf(work)));
}

/** Deletes every service of the environment: from here on nobody writes into its database. */
export async function endServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  work.beat('deleting the services');
  await endOwnServices(work.site, d, watchOf(work));
  return {};
}

/** Deletes the Supabase project, or in an adopted one what the environment's runs made. */
export async function endDatabase(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  return keeping(d, await endOwnDatabase(site, d));
}

/** Ends accounts, secrets, registry, budget: all that the foundation made. */
export async function endFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  await endOwnFoundation(work.site, d, watchOf(work));
  return {};
}

/** Deletes the bucket of the states once the clouds list nothing more of the environment. */
export async function endStates(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  refuseLeftOver(site, await ownThings(site));
  return keeping(d, await endBucket(site.google, site.stateBucket, isStateObject));
}

/** Writes into the ledger that nothing stands any more; says where the rest is kept. */
export async function recordDestruction(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const kept = [...(d.kept ?? []), ...(d.destroy?.deleteBackups ? [] : keptIn(site, d))];
  const entry = await appendToLedger(site, {
    at: new Date().toISOString(),
    runId: d.runId,
    kind: 'destroy',
    actor: d.actor,
    outcome: 'succeeded',
    ...{ secretVersions: {}, revisions: {}, traffic: {}, left: [], undo: {}, kept },
    ...factsOf(d),
    ...(d.stepSeconds && { seconds: d.stepSeconds }),
  });
  return { kept, ledgerEntry: entry.number };
}

/** Deletes the bucket of releases, ledger and backups; the run has ended and holds no lease. */
export async function endReleases(_d: Deploy, { site }: Work): Promise<readonly string[]> {
  const lease = await readLease(site);
  if (lease) throw busy(site.name, lease);
  return endBucket(site.google, site.releaseBucket, isReleaseObject);
}

function keptIn({ releaseBucket }: Work['site'], { backup, bundle }: Deploy): readonly string[] {
  const releases = bundle ? `, release ${bundle.id} among them` : '';
  return [
    ...(backup ? [`backup gs://${releaseBucket}/${backup.object.replace(/[^/]+$/, '')}`] : []),
    `bucket ${releaseBucket}: ledger, backups and releases${releases}`,
    'APIs of the Google project: they stay enabled and cost nothing',
  ];
}
