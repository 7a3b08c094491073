import type { Deploy, StackName } from '../deploy.ts';
import type { Site } from '../site.ts';
import type { Watch } from '../terraform/supervise.ts';
import { converge } from './apply-stack.ts';
import { changesRegion } from './changes-region.ts';
import { destroyStack } from './destroy-stack.ts';
import { heldBefore } from './held-before.ts';
import { laidOut } from './laid-out.ts';
import { needed } from './needed.ts';
import { openStack } from './open-stack.ts';
import { reconcile } from './reconcile.ts';
import { undoAgain } from './undo-again.ts';

/**
 * Winds a stack back: the previous release's configuration on the current state; where there was
 * no release before, everything in the state goes, if this run made all of it. Safe to repeat.
 * Answers what stays, in words.
 */
export async function restoreStack(
  site: Site,
  d: Deploy,
  stack: StackName,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly string[]> {
  if (d.previous) {
    const { release, secretVersions } = d.previous;
    const opened = await openStack(site, laidOut.undo(d.runId), { release, stack, secretVersions });
    await reconcile(opened); // a run that was killed may hold the lock still
    await undoAgain(() => converge(opened, watch));
    if (stack === '10-foundation' || !(await changesRegion(site, d))) return [];
  }
  const release = needed(d.bundle, 'the release');
  const secretVersions = d.plan?.secretVersions ?? d.secretVersions ?? {};
  const opened = await openStack(site, laidOut.undo(d.runId), { release, stack, secretVersions });
  await reconcile(opened);
  if (await heldBefore(site, d, stack)) return [stays(stack)];
  await undoAgain(() => destroyStack(opened, watch));
  return [];
}

function stays(stack: StackName): string {
  return `${stack} unchanged: its state had resources before that belong to no release, so none was destroyed`;
}
