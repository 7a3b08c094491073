import { plan } from './plan.ts';
import type { TerraformPlace } from './place.ts';
import type { PlanOptions, SavedPlan } from './plan.ts';
import type { Watch } from './supervise.ts';

/** Plans the end of everything in the state; there is no direct destroy, so the gate sees it too. */
export async function planDestroy(
  place: TerraformPlace,
  options: Omit<PlanOptions, 'mode'>,
  watch: Watch,
): Promise<SavedPlan> {
  return await plan(place, { ...options, mode: 'destroy' }, watch);
}
