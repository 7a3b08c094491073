import { dirname } from 'node:path';
import { z } from 'zod';
import type { StackPlan } from '../deploy.ts';
import { readServices } from '../gcp/run.ts';
import { shortName } from '../gcp/run-service.ts';
import type { TrafficTarget } from '../gcp/run-service.ts';
import { sameSplit } from '../gcp/traffic-split.ts';
import type { Site } from '../site.ts';
import type { PlanJson } from '../terraform/plan-json.ts';
import type { SavedPlan } from '../terraform/plan.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { OpenStack } from './open-stack.ts';
import { refuseOtherPlan } from './refuse-other-plan.ts';
import { fetchPlan, planStack } from './stack-plan.ts';

/**
 * The approved plan, or where it would send an older split back a new one, which differs in nothing
 * but the traffic. (A saved plan holds the split of its own moment, and an apply sends that.)
 */
export async function withTrafficNow(
  site: Site,
  stack: OpenStack,
  approved: StackPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<SavedPlan> {
  const saved = await fetchPlan(site, approved, dirname(stack.varFile));
  if (approved.stack !== '20-services' || approved.change === 0) return saved;
  const before = await show(stack.place, saved.file);
  if (await sendsTrafficNow(site, before)) return saved;
  return planAgain(stack, before, watch);
}

/** A new plan of the stack; a Failure where it would do anything else than the approved one. */
export async function planAgain(
  stack: OpenStack,
  approved: PlanJson,
  watch: Omit<Watch, 'runDir'>,
): Promise<SavedPlan> {
  const again = await planStack(stack, watch);
  refuseOtherPlan(approved, await show(stack.place, again.file));
  return again;
}

/** Whether every split that the plan would send is the one in force. */
async function sendsTrafficNow({ google }: Site, plan: PlanJson): Promise<boolean> {
  const now = new Map((await readServices(google)).map(({ name, traffic }) => [name, traffic]));
  return plan.resource_changes
    .filter(({ change }) => change.actions.includes('update'))
    .every(({ change }) => {
      const { data } = Sent.safeParse(change.after);
      const split = data && now.get(data.name);
      return !data || !split || sameSplit(data.traffic, split);
    });
}

const Target = z
  .object({
    type: z.string().nullish(),
    revision: z.string().nullish(),
    percent: z.number().nullish(),
    tag: z.string().nullish(),
  })
  .transform(({ type, revision, percent, tag }): TrafficTarget => {
    const latest = !revision || type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
    return {
      revision: latest ? 'LATEST' : shortName(revision),
      percent: percent ?? 0,
      ...(tag ? { tag } : {}),
    };
  });

const Sent = z.object({ name: z.string(), template: z.unknown(), traffic: z.array(Target) });
