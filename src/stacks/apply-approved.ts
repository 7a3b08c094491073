import type { StackPlan } from '../deploy.ts';
import type { Site } from '../site.ts';
import { apply } from '../terraform/apply.ts';
import type { Watch } from '../terraform/supervise.ts';
import { adoptAndConverge } from './adopt-and-converge.ts';
import type { OpenStack } from './open-stack.ts';
import { mendingLocked } from './reconcile.ts';
import { runFolder } from './run-folder.ts';
import { withTrafficNow } from './with-traffic-now.ts';

/**
 * Applies the approved plan, unless it is empty; where the traffic has moved since, one that differs
 * in nothing else. Where an earlier attempt of this run had begun to apply it, its state
 * has moved on: the rest is planned again from the same configuration, and what that attempt made
 * and could not write down is adopted.
 */
export async function applyApproved(
  site: Site,
  stack: OpenStack,
  approved: StackPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  if (approved.empty) return;
  await stack.settle();
  const { folder, earlier } = await runFolder(stack, 'apply');
  if (earlier > 0) return void (await adoptAndConverge(site, stack, watch));
  const saved = await withTrafficNow(site, stack, approved, watch);
  const applying = { ...watch, runDir: folder };
  await mendingLocked(stack, applying, () => apply(stack.place, saved, applying));
}
