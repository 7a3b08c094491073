import { apply } from '../terraform/apply.ts';
import type { SavedPlan } from '../terraform/plan.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { OpenStack } from './open-stack.ts';
import { mendingLocked } from './reconcile.ts';
import { runFolder } from './run-folder.ts';
import { planStack } from './stack-plan.ts';

/** Plans and applies until the world is as the configuration says; the form of every undo. */
export async function converge(stack: OpenStack, watch: Omit<Watch, 'runDir'>): Promise<void> {
  await stack.settle();
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
  const applying = { ...watch, runDir: folder };
  await mendingLocked(stack, applying, () => apply(stack.place, saved, applying));
}
