import type { Deploy, StackName } from '../deploy.ts';
import type { Site } from '../site.ts';
import { planDestroy } from '../terraform/destroy.ts';
import { stateList } from '../terraform/state-list.ts';
import type { Watch } from '../terraform/supervise.ts';
import { applySaved, converge } from './apply-stack.ts';
import { laidOut } from './laid-out.ts';
import { needed } from './needed.ts';
import { openStack } from './open-stack.ts';
import { reconcile } from './reconcile.ts';
import type { OpenStack } from './open-stack.ts';
import { runFolder } from './run-folder.ts';
import { join } from 'node:path';

/**
 * Winds a stack back: the previous release's configuration on the current state; where there was
 * no release before, everything in the state goes, for this run made it. Safe to repeat.
 */
export async function restoreStack(
  site: Site,
  d: Deploy,
  stack: StackName,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  if (d.previous) {
    const { release, secretVersions } = d.previous;
    const opened = await openStack(site, laidOut.undo(d.runId), { release, stack, secretVersions });
    await reconcile(opened); // a run that was killed may hold the lock still
    return converge(opened, watch);
  }
  const release = needed(d.bundle, 'the release');
  const secretVersions = d.plan?.secretVersions ?? d.secretVersions ?? {};
  const opened = await openStack(site, laidOut.undo(d.runId), { release, stack, secretVersions });
  await reconcile(opened);
  await destroyAll(opened, watch);
}

async function destroyAll(opened: OpenStack, watch: Omit<Watch, 'runDir'>): Promise<void> {
  if ((await stateList(opened.place)).length === 0) return;
  const { folder } = await runFolder(opened, 'plan');
  const saved = await planDestroy(
    opened.place,
    { out: join(folder, 'saved.tfplan'), varFile: opened.varFile },
    { ...watch, runDir: folder },
  );
  // An empty one too: it writes down that what was deleted by the API is gone.
  await applySaved(opened, saved, watch);
}
