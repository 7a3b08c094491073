import { join } from 'node:path';
import { planDestroy } from '../terraform/destroy.ts';
import type { PlanOptions, SavedPlan } from '../terraform/plan.ts';
import { stateList } from '../terraform/state-list.ts';
import type { Watch } from '../terraform/supervise.ts';
import { applySaved } from './apply-stack.ts';
import type { OpenStack } from './open-stack.ts';
import { runFolder } from './run-folder.ts';

/** Ends everything that a stack's state holds; services must be gone by the Run API before. */
export async function destroyStack(opened: OpenStack, watch: Omit<Watch, 'runDir'>): Promise<void> {
  if ((await stateList(opened.place)).length === 0) return;
  // An empty one too: it writes down that what was deleted by the API is gone.
  await applySaved(opened, await planEnd(opened, watch), watch);
}

/** Plans the end of everything that a stack's state holds. */
export async function planEnd(
  opened: OpenStack,
  watch: Omit<Watch, 'runDir'>,
  how: Pick<PlanOptions, 'unlocked'> = {},
): Promise<SavedPlan> {
  const { folder } = await runFolder(opened, 'plan');
  const options = { out: join(folder, 'saved.tfplan'), varFile: opened.varFile, ...how };
  return planDestroy(opened.place, options, { ...watch, runDir: folder });
}
