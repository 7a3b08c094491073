import { resetWhereAccepted } from '../src/admin-login/reset-admin.ts';
import { stackNames } from '../src/deploy.ts';
import type { Deploy, Recovery } from '../src/deploy.ts';
import { siteIn } from '../src/endpoints.ts';
import { ensureBuckets } from '../src/planning/ensure-buckets.ts';
import { adoptAndConverge } from '../src/stacks/adopt-and-converge.ts';
import { bringOver } from '../src/recovery/bring-over.ts';
import { foresee } from '../src/recovery/foresee.ts';
import { refuseLostExternal } from '../src/recovery/lost-secrets.ts';
import { mendState } from '../src/recovery/mend-state.ts';
import { restoreDatabase } from '../src/recovery/restore-database.ts';
import { needed } from '../src/stacks/needed.ts';
import { asReleased } from '../src/releases/as-released.ts';
import { readLedger } from '../src/releases/ledger.ts';
import { treeOf } from '../src/releases/store.ts';
import { refuseForeign } from '../src/project-ownership/adoption.ts';
import { ensureExternal } from '../src/secret-values/external.ts';
import { openStack } from '../src/stacks/open-stack.ts';
import { watchOf } from '../src/stacks/watch.ts';
import type { Work } from './edge.ts';
import { keeping } from './keeping.ts';
import { bringWhatRunsNeed } from '../src/stacks/bring-what-runs-need.ts';

/** Chooses backup and release by what survived, and has both in the environment's own bucket. */
export async function planRecovery(d: Deploy, { site, beat }: Work): Promise<Partial<Deploy>> {
  await ensureBuckets(site);
  await readLedger(site); // a broken one could not take this recovery's entry
  const recover = needed(d.recover, 'what to recover');
  await refuseForeign(site, d.accept);
  await resetWhereAccepted(site, d.accept ?? []);
  beat('looking for the newest sound backup');
  const recovery = await foresee(site, recover);
  if (recovery.source !== site.name)
    await bringOver(await siteIn(site, site.written, recovery.source), site, recovery);
  const { backup, release: bundle } = recovery;
  await refuseLostExternal(await asReleased(site, bundle));
  const tree = await treeOf(site, bundle.id);
  return {
    ...{ recovery, bundle },
    ...(tree && { tree }),
    ...(backup && { backup }),
    ...keeping(d, recovery.secrets ?? []),
  };
}

/** Restores each stack's state where it is gone, unreadable or behind its backup. */
export async function mendStates(d: Deploy, { site }: Work): Promise<Partial<Deploy>> {
  const mended: string[] = [];
  for (const stack of stackNames)
    mended.push(...((await mendState(site, stack, d.runId)) ?? '').split('\n'));
  return keeping(
    d,
    mended.filter((line) => line !== ''),
  );
}

/** The foundation again, adopting what survived; then waits until permissions have spread. */
export async function recoverFoundation(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const release = needed(d.bundle, 'the release');
  const inputs = { release, stack: '10-foundation', secretVersions: {} } as const;
  const opened = await openStack(work.site, d.runId, inputs, work.signal);
  await ensureExternal(work.site, work.signal);
  const adopted = await adoptAndConverge(work.site, opened, watchOf(work));
  return keeping(d, adopted);
}

/** Fills the database from the backup, unless it survived. */
export async function restoreData(d: Deploy, { site, signal }: Work): Promise<Partial<Deploy>> {
  const release = needed(d.bundle, 'the release');
  const recovery: Recovery = needed(d.recovery, 'the recovery');
  // Another environment's backup was encrypted with that environment's key.
  const { backupKeys } = await siteIn(site, site.written, recovery.source);
  const asked = { runId: d.runId, release, recovery, signal };
  const done = await restoreDatabase({ ...site, backupKeys }, asked);
  return keeping(d, [done]);
}

/** The release's services again, from the images in the bucket; adopts those that survived. */
export async function recoverServices(d: Deploy, work: Work): Promise<Partial<Deploy>> {
  const { site, signal } = work;
  const release = needed(d.bundle, 'the release');
  const secretVersions = needed(d.secretVersions, 'the secret versions');
  const inputs = { release, stack: '20-services', secretVersions } as const;
  const opened = await openStack(site, d.runId, inputs, signal);
  await bringWhatRunsNeed(site, release, work);
  const adopted = await adoptAndConverge(site, opened, watchOf(work));
  return keeping(d, adopted);
}
