import { gate } from '../../infra/policy/gate.ts';
import type { Opening } from '../deploy.ts';
import type { Site } from '../site.ts';
import { laidOut } from '../stacks/laid-out.ts';
import { openStack } from '../stacks/open-stack.ts';
import { planStack } from '../stacks/stack-plan.ts';
import { actingOf } from '../terraform/plan-json.ts';
import type { PlanJson } from '../terraform/plan-json.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import { gateContext, refuseViolations } from './gate-plan.ts';
import type { StacksToPlan } from './plan-stacks.ts';

export interface PlannedOpening {
  readonly opening: Opening;
  readonly terraform: PlanJson;
}

/** What is added once the candidates are tested, beside what the plan of the closed services does. */
export async function planOpening(
  site: Site,
  { runId, closed = [], ...about }: StacksToPlan,
  closedPlan: PlanJson | undefined,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlannedOpening | undefined> {
  if (closed.length === 0) return undefined;
  const inputs = { ...about, stack: '20-services' } as const;
  const opened = await openStack(site, laidOut.open(runId), inputs, watch.signal);
  const saved = await planStack(opened, watch, { unlocked: true });
  const json = await show(opened.place, saved.file);
  refuseViolations(site, gate(json, gateContext(site, json)));
  const before = new Set((closedPlan ? actingOf(closedPlan) : []).map(({ address }) => address));
  const resource_changes = actingOf(json).filter(({ address }) => !before.has(address));
  if (resource_changes.length === 0) return undefined;
  const addresses = resource_changes.map(({ address }) => address);
  return { opening: { services: closed, addresses }, terraform: { ...json, resource_changes } };
}
