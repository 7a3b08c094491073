import type { Removal, StackName, Standing } from '../deploy.ts';
import type { Site } from '../site.ts';
import type { SavedPlan } from '../terraform/plan.ts';
import type { Watch } from '../terraform/supervise.ts';
import { planEnd } from './destroy-stack.ts';
import { laidOut } from './laid-out.ts';
import { openStack } from './open-stack.ts';
import type { OpenStack, StackInputs } from './open-stack.ts';
import { planStack } from './stack-plan.ts';

/** Who asks for what leaves, and what stood before. */
export interface Leaver extends Omit<StackInputs, 'stack' | 'alongside'> {
  readonly runId: string;
  readonly previous: Standing;
  readonly from: Removal['from'];
  /** Set where the plan is only looked at. */
  readonly unlocked?: boolean;
}

/**
 * Plans a stack without what leaves: the release alone. Where the services leave their region it is
 * the end of all that the other region's state holds.
 */
export async function planLeaving(
  site: Site,
  stack: StackName,
  { runId, previous, from, unlocked, ...alone }: Leaver,
  watch: Omit<Watch, 'runDir'>,
): Promise<{ readonly opened: OpenStack; readonly saved: SavedPlan }> {
  const ends = from !== undefined && stack === '20-services';
  const { release, secretVersions } = ends ? previous : alone;
  const inputs = { release, stack, secretVersions };
  const opened = await openStack(site, laidOut.alone(runId), inputs, watch.signal);
  return { opened, saved: await (ends ? planEnd : planStack)(opened, watch, { unlocked }) };
}
