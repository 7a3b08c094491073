import { dirname } from 'node:path';
import type { StackPlan } from '../deploy.ts';
import type { Site } from '../site.ts';
import { apply } from '../terraform/apply.ts';
import type { Watch } from '../terraform/supervise.ts';
import { adoptAndConverge } from './adopt-and-converge.ts';
import type { OpenStack } from './open-stack.ts';
import { mending } from './reconcile.ts';
import { runFolder } from './run-folder.ts';
import { fetchPlan } from './stack-plan.ts';

/**
 * Applies the approved plan, unless it is empty. Where an earlier attempt of this run had begun to apply it, its state
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
  const { folder, earlier } = await runFolder(stack, 'apply');
  if (earlier > 0) return void (await adoptAndConverge(site, stack, watch));
  const saved = await fetchPlan(site, approved, dirname(stack.varFile));
  await mending(stack, () => apply(stack.place, saved, { ...watch, runDir: folder }));
}
