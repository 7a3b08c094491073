import { gate } from '../../infra/policy/gate.ts';
import type { Opening } from '../deploy.ts';
import { held } from '../held.ts';
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

/** The plan of the closed services, which is made at the same time. */
interface Beside {
  /** Kept once its state is there: of two that make one, Terraform's lock lets one fail. */
  readonly isOpen: Promise<unknown>;
  readonly plan: Promise<PlanJson | undefined>;
}

/**
 * What is added once the candidates are tested, beside what the plan of the closed services does.
 * Planned side by side with that: both read one state, and this one takes no lock.
 */
export async function planOpening(
  site: Site,
  asked: StacksToPlan,
  beside: Beside,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlannedOpening | undefined> {
  if ((asked.closed ?? []).length === 0) return undefined;
  const planning = held(beside.isOpen.then(() => planOpen(site, asked, watch)));
  const closed = await beside.plan; // what is wrong with both is told of this one
  const json = await planning;
  refuseViolations(site, gate(json, gateContext(site, json)));
  const before = new Set((closed ? actingOf(closed) : []).map(({ address }) => address));
  const resource_changes = actingOf(json).filter(({ address }) => !before.has(address));
  if (resource_changes.length === 0) return undefined;
  const addresses = resource_changes.map(({ address }) => address);
  const opening = { services: asked.closed ?? [], addresses };
  return { opening, terraform: { ...json, resource_changes } };
}

async function planOpen(
  site: Site,
  { runId, ...about }: StacksToPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlanJson> {
  const inputs = { ...about, closed: [], stack: '20-services' } as const;
  const opened = await openStack(site, laidOut.open(runId), inputs, watch.signal);
  const saved = await planStack(opened, watch, { unlocked: true });
  return show(opened.place, saved.file);
}
