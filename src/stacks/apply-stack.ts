import { dirname } from 'node:path';
import type { Stored } from '../deploy.ts';
import type { Site } from '../site.ts';
import { apply } from '../terraform/apply.ts';
import type { SavedPlan } from '../terraform/plan.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { OpenStack } from './open-stack.ts';
import { mending } from './reconcile.ts';
import { runFolder } from './run-folder.ts';
import { fetchPlan, planStack } from './stack-plan.ts';

/**
 * Applies the approved plan. Where an earlier attempt of this run had begun to apply it, its state
 * has moved on: the rest is planned again from the same configuration.
 */
export async function applyApproved(
  site: Site,
  stack: OpenStack,
  approved: Stored,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  const { folder, earlier } = await runFolder(stack, 'apply');
  if (earlier > 0) return converge(stack, watch);
  const saved = await fetchPlan(site, approved, dirname(stack.varFile));
  await mending(stack, () => apply(stack.place, saved, { ...watch, runDir: folder }));
}

/** Plans and applies until the world is as the configuration says; the form of every undo. */
export async function converge(stack: OpenStack, watch: Omit<Watch, 'runDir'>): Promise<void> {
  const saved = await planStack(stack, watch);
  if (!saved.empty) await applySaved(stack, saved, watch);
}

/** Applies a plan that was saved a moment ago. */
export async function applySaved(
  stack: OpenStack,
  saved: SavedPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<void> {
  const { folder } = await runFolder(stack, 'apply');
  await mending(stack, () => apply(stack.place, saved, { ...watch, runDir: folder }));
}
