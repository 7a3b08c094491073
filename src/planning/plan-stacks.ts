import { costVerdict } from '../../infra/policy/cost-verdict.ts';
import { estimateCost } from '../../infra/policy/cost.ts';
import type { CostEstimate } from '../../infra/policy/cost.ts';
import { gate } from '../../infra/policy/gate.ts';
import type { ReleaseRef, StackName, StackPlan } from '../deploy.ts';
import { Failure } from '../failure.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import { keepPlan, planStack } from '../stacks/stack-plan.ts';
import { show } from '../terraform/show.ts';
import { summarizePlan } from '../terraform/summary.ts';
import type { PlanSummary } from '../terraform/summary.ts';
import type { Watch } from '../terraform/supervise.ts';

export interface PlannedStack {
  readonly plan: StackPlan;
  readonly summary: PlanSummary;
  readonly cost: CostEstimate;
}

export interface StacksToPlan {
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly secretVersions: Readonly<Record<string, string>>;
}

const stacks: readonly StackName[] = ['10-foundation', '20-services'];

/** Plans both stacks side by side, keeps the plans, and lets neither gate nor cost limit pass. */
export async function planStacks(
  site: Site,
  asked: StacksToPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly PlannedStack[]> {
  const planned = await Promise.all(stacks.map((stack) => planOne(site, stack, asked, watch)));
  const verdict = costVerdict(
    planned.map(({ cost }) => cost),
    site.config.cost,
  );
  if (verdict.verdict === 'refuse')
    throw new Failure({
      code: 'COST_REFUSED',
      what: `The plan costs ${verdict.why}`,
      why: '`cost.refuseAbove` in windlass.yaml forbids it',
      fix: 'Lower `min`, cpu or memory of the services, or raise the limit.',
    });
  return planned;
}

async function planOne(
  site: Site,
  stack: StackName,
  { runId, release, secretVersions }: StacksToPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<PlannedStack> {
  const opened = await openStack(site, runId, { release, stack, secretVersions }, watch.signal);
  const saved = await planStack(opened, watch);
  const json = await show(opened.place, saved.file);
  refuse(site, gate(json, gateContext(site)));
  const cost = estimateCost(json);
  const about = { stack, sha256: saved.sha256, fixedMonthlyUsd: cost.fixed };
  const summary = summarizePlan(json, about);
  const kept = await keepPlan(site, `${runId}/${stack}`, saved);
  const { add, change, destroy } = summary;
  return { summary, cost, plan: { ...kept, stack, add, change, destroy } };
}

function gateContext(site: Site) {
  const open = Object.entries(site.config.services).find(([, service]) => service.public);
  return {
    project: site.environment.project,
    regions: [site.config.region],
    gateway: open?.[0] ?? '',
    production: site.name === 'production',
  };
}

function refuse(site: Site, violations: ReturnType<typeof gate>): void {
  const [first] = violations;
  if (!first) return;
  throw new Failure({
    code: 'PLAN_REFUSED',
    what: `The plan for ${site.name} breaks ${violations.length} rules of the gate`,
    why: violations.map(({ rule, why, at }) => `${rule}: ${why} (${at.join(', ')})`).join('; '),
    fix: first.fix,
  });
}
