import type { Deploy } from '../src/deploy.ts';
import { composePlan } from '../src/planning/compose-plan.ts';
import { refuseOverdue } from '../src/drills/refuse-overdue.ts';
import { ensureBuckets } from '../src/planning/ensure-buckets.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { refuseDirty } from '../src/releases/environment-marker.ts';
import { gatherContents } from '../src/releases/contents.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { rollbackTarget, standingOf } from '../src/releases/standing.ts';
import { findRelease, storeRelease } from '../src/releases/store.ts';
import { refuseShared } from '../src/separation/refuse-shared.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

/** Makes (or finds) the release and says all that a deploy of it would do; touches nothing. */
export async function planRelease(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat } = work;
  await ensureBuckets(site);
  await refuseShared(site);
  if (!d.planOnly) await refuseDirty(site, d.runId);
  beat('making the release');
  const bundle = d.release
    ? await findRelease(site, d.release)
    : await storeRelease(site, await gatherContents(site.root, site.config));
  const ledger = await readLedger(site);
  const told = refuseOverdue(site, ledger);
  const previous = standingOf(ledger);
  const asked = { runId: d.runId, release: bundle, previous, ledger };
  const plan = await composePlan(await asReleased(site, bundle), asked, watchOf(work));
  const { patience, secondPerson } = site.config.approval;
  const approvalRules = { patienceSeconds: patience, secondPerson };
  return { bundle, previous, plan, approvalRules, ...(told.length > 0 && { kept: told }) };
}

/** Finds where a rollback goes and says all that it would do; touches nothing. */
export async function planRollback(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site } = work;
  await ensureBuckets(site);
  if (!d.planOnly) await refuseDirty(site, d.runId);
  const ledger = await readLedger(site);
  const target = rollbackTarget(ledger, d.release);
  const previous = standingOf(ledger);
  const { release, secretVersions } = target;
  const asked = { runId: d.runId, release, secretVersions, previous, ledger };
  const plan = await composePlan(await asReleased(site, release), asked, watchOf(work));
  return { bundle: release, target, previous, plan };
}
