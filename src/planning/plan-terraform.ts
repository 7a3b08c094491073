import { held } from '../held.ts';
import type { Site } from '../site.ts';
import type { Watch } from '../terraform/supervise.ts';
import { planOpening } from './plan-opening.ts';
import type { PlannedOpening } from './plan-opening.ts';
import { planRemoval } from './plan-removal.ts';
import type { PlannedRemoval } from './plan-removal.ts';
import { planStacks } from './plan-stacks.ts';
import type { PlannedStack } from './plan-stacks.ts';

/** What Terraform would change: the stacks, the opening of new services, the removal of those that leave. */
export interface PlannedTerraform {
  readonly stacks: readonly PlannedStack[];
  readonly opened: PlannedOpening | undefined;
  readonly removed: PlannedRemoval | undefined;
}

/** The plans of the stacks and, side by side on the same states, the two that take no lock. */
export async function planTerraform(
  site: Site,
  asked: Parameters<typeof planStacks>[1],
  watch: Omit<Watch, 'runDir'>,
): Promise<PlannedTerraform> {
  const services = Promise.withResolvers<void>();
  const onOpen = (stack: string) => (stack === '20-services' ? services.resolve() : undefined);
  const planning = held(planStacks(site, asked, { ...watch, onOpen }));
  const beside = {
    isOpen: held(Promise.race([services.promise, planning])),
    plan: held(planning.then(servicesOf)),
  };
  const [stacks, removed, opened] = await Promise.all([
    planning,
    planRemoval(site, asked, watch),
    planOpening(site, asked, beside, watch),
  ]);
  return { stacks, removed, opened };
}

function servicesOf(stacks: readonly PlannedStack[]): PlannedStack['json'] | undefined {
  return stacks.find(({ plan }) => plan.stack === '20-services')?.json;
}
