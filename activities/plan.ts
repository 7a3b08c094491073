import type { Deploy, ReleaseRef } from '../src/deploy.ts';
import { requireFiles } from '../src/config/require-files.ts';
import { Failure } from '../src/failure.ts';
import { composePlan } from '../src/planning/compose-plan.ts';
import { refuseOverdue } from '../src/drills/refuse-overdue.ts';
import { refuseBare } from '../src/images/refuse-unbuildable.ts';
import { resetWhereAccepted } from '../src/admin-login/reset-admin.ts';
import { ensureBuckets } from '../src/planning/ensure-buckets.ts';
import { refuseLostProject } from '../src/planning/refuse-lost-project.ts';
import { refuseForeign } from '../src/project-ownership/adoption.ts';
import { requireRehearsal } from '../src/rehearsal/certificate.ts';
import { refusePastTarget } from '../src/planning/refuse-past-target.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { refuseTaken } from '../src/lease/refuse-dirty.ts';
import { refuseOtherTarget, unfinishedRollback } from '../src/releases/unfinished-rollback.ts';
import { gatherContents } from '../src/releases/contents.ts';
import type { LedgerEntry } from '../src/releases/ledger-entry.ts';
import { imageRoomOf } from '../src/releases/image-room-of.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { releasedProcesses } from '../src/releases/released-images.ts';
import { rollbackTarget, standingOf } from '../src/releases/standing.ts';
import { findRelease, sameRelease, storeRelease, treeOf } from '../src/releases/store.ts';
import { refuseStillKept } from '../src/secret-values/replaced.ts';
import { refuseShared } from '../src/separation/refuse-shared.ts';
import type { Site } from '../src/site.ts';
import { requireSmokePrograms } from '../src/smoke/require-programs.ts';
import { refuseMissingImages } from '../src/stacks/missing-images.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';
import { watchingOf } from './lease.ts';
import { takeOver, unfinishedOf } from './take-over.ts';

/** Makes (or finds) the release and says all that a deploy of it would do; touches nothing. */
export async function planRelease(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat } = work;
  await requireFiles(site.root, site.config, { environment: site.name });
  await ensureBuckets(site);
  await refuseShared(site);
  if (!d.planOnly) await refuseTaken(site, watchingOf(d, work));
  beat('making the release');
  const ledger = await readLedger(site);
  const bundle = await releaseToPlan(d, site, ledger);
  const tree = d.tree ?? (await treeOf(site, bundle.id));
  if (d.requireRehearsal) await requireRehearsal(site, bundle.id);
  const told = refuseOverdue(site, ledger);
  const previous = standingOf(ledger);
  const released = await asReleased(site, bundle);
  if (previous?.release.id !== bundle.id) {
    await requireSmokePrograms(released);
    if (site.environment.target === 'cloud')
      refuseBare(site.name, await releasedProcesses(site, bundle));
    await refuseMissingImages(released, bundle);
  }
  await refuseLostProject(site, previous);
  const { rotate = [], accept = [] } = d;
  if (!d.planOnly) {
    await refuseForeign(site, accept);
    await resetWhereAccepted(site, accept);
  }
  refuseStillKept(ledger, rotate, site.config.rotation.keepHours);
  const asked = { runId: d.runId, release: bundle, previous, ledger, rotate, accept };
  const plan = await composePlan(released, asked, watchOf(work));
  const { patience, secondPerson } = site.config.approval;
  const approvalRules = { patienceSeconds: patience, secondPerson };
  return {
    ...{ bundle, previous, plan, approvalRules },
    ...(tree && { tree }),
    ...(told.length > 0 && { kept: told }),
  };
}

/**
 * The release that the caller stored or named, or the one in force where only secrets change. A run
 * that an older Windlass started names none: only such a one is gathered from the worker's own tree.
 */
async function releaseToPlan(
  d: Deploy,
  site: Site,
  ledger: readonly LedgerEntry[],
): Promise<ReleaseRef> {
  const id = d.release ?? (d.rotate && releaseInForce(site, ledger));
  if (id !== undefined) return sameRelease(site, await findRelease(site, id), d.releaseSha256);
  return storeRelease(site, await gatherContents(site.root, site.written, imageRoomOf(site)));
}

/** A rotation brings nothing but new values: it needs a release that reads them. */
function releaseInForce({ name }: Site, ledger: readonly LedgerEntry[]): string {
  const standing = standingOf(ledger);
  if (standing) return standing.release.id;
  throw new Failure({
    code: 'NOTHING_DEPLOYED',
    what: `Nothing has been deployed to ${name}, so it has no secret to rotate`,
    why: 'its ledger has no release in force',
    fix: `Deploy first: \`bin/windlass deploy -e ${name}\`.`,
  });
}

/** Finds where a rollback goes and says all that it would do; touches nothing. */
export async function planRollback(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site } = work;
  await ensureBuckets(site);
  const ledger = await readLedger(site);
  const begun = await unfinishedRollback(site, ledger);
  if (!d.planOnly) await refuseTaken(site, watchingOf(d, work), begun?.dirty);
  const target = rollbackTarget(ledger, d.release ?? begun?.receipts.bundle?.id);
  const previous = standingOf(ledger);
  const { release, secretVersions } = target;
  if (!d.planOnly) {
    await refuseForeign(site);
    await resetWhereAccepted(site, d.accept ?? []);
  }
  const there = await asReleased(site, release);
  if (begun) refuseOtherTarget(site, begun, target);
  // Where the traffic is there already, there is nothing to hold back any more.
  else await refusePastTarget(site, { runId: d.runId, previous, target, accept: d.accept ?? [] });
  const tree = await treeOf(site, release.id);
  const known = { ...d, bundle: release, target, previous };
  if (begun && begun.dirty !== d.runId) await takeOver(known, begun, { ...work, site: there });
  const asked = { runId: d.runId, release, secretVersions, previous, ledger };
  const plan = await composePlan(there, asked, watchOf(work));
  return {
    bundle: release,
    target,
    previous,
    plan,
    ...(tree && { tree }),
    ...(begun && { unfinished: unfinishedOf(begun) }),
  };
}
