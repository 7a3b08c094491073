import { gate } from '../../infra/policy/gate.ts';
import { stackNames } from '../deploy.ts';
import type { Removal, StackName, Standing } from '../deploy.ts';
import { releasedHere } from '../releases/as-released.ts';
import type { Site } from '../site.ts';
import { leaving } from '../stacks/alongside.ts';
import { planLeaving } from '../stacks/plan-leaving.ts';
import type { Leaver } from '../stacks/plan-leaving.ts';
import type { PlanJson } from '../terraform/plan-json.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import { gateContext, refuseViolations } from './gate-plan.ts';
import type { StacksToPlan } from './plan-stacks.ts';

export interface PlannedRemoval {
  readonly removal: Removal;
  readonly terraform: readonly PlanJson[];
}

const stacks = stackNames.toReversed();

/** What goes once the traffic has moved, for the release no longer has it; undefined = nothing. */
export async function planRemoval(
  site: Site,
  asked: StacksToPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlannedRemoval | undefined> {
  if (!asked.alongside) return undefined;
  const gone = await leavingWith(site, asked.alongside);
  if (gone.services.length + gone.secrets.length === 0) return undefined;
  const { runId, release, secretVersions, alongside: previous } = asked;
  const about = { runId, release, secretVersions, previous };
  const leaver = { ...about, from: gone.from, unlocked: true };
  const plans = await Promise.all(stacks.map((stack) => deletions(site, stack, leaver, watch)));
  const addresses = Object.fromEntries(
    stacks.map((stack, index) => [
      stack,
      plans[index]?.resource_changes.map((one) => one.address) ?? [],
    ]),
  );
  return { removal: { ...gone, addresses }, terraform: plans };
}

async function leavingWith(site: Site, before: Standing) {
  return leaving(site.config, await releasedHere(site, before.release));
}

/** A stack's plan with the deletions alone: all else happens before, with the traffic at rest. */
async function deletions(
  site: Site,
  stack: StackName,
  leaver: Leaver,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlanJson> {
  const { opened, saved } = await planLeaving(site, stack, leaver, watch);
  const json = await show(opened.place, saved.file);
  const resource_changes = json.resource_changes.filter(
    ({ mode, change }) => mode === 'managed' && change.actions.join() === 'delete',
  );
  const plan = { ...json, resource_changes };
  refuseViolations(site, gate(plan, gateContext(site, plan)));
  return plan;
}
