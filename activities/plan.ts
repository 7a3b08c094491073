import type { Deploy } from '../src/deploy.ts';
import { composePlan } from '../src/planning/compose-plan.ts';
import { ensureBuckets } from '../src/planning/ensure-buckets.ts';
import { gatherContents } from '../src/releases/contents.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { rollbackTarget, standingOf } from '../src/releases/standing.ts';
import { findRelease, storeRelease } from '../src/releases/store.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';

/** Makes (or finds) the release and says all that a deploy of it would do; touches nothing. */
export async function planRelease(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, beat } = work;
  await ensureBuckets(site);
  beat('making the release');
  const bundle = d.release
    ? await findRelease(site, d.release)
    : await storeRelease(site, await gatherContents(site.root, site.config));
  const previous = standingOf(await readLedger(site));
  const asked = { runId: d.runId, release: bundle, attempt: work.attempt };
  const plan = await composePlan(site, asked, watchOf(work));
  return { bundle, previous, plan };
}

/** Finds where a rollback goes and says all that it would do; touches nothing. */
export async function planRollback(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, attempt } = work;
  await ensureBuckets(site);
  const ledger = await readLedger(site);
  const target = rollbackTarget(ledger, d.release);
  const { release, secretVersions } = target;
  const asked = { runId: d.runId, release, secretVersions, attempt };
  const plan = await composePlan(site, asked, watchOf(work));
  return { bundle: release, target, previous: standingOf(ledger), plan };
}
