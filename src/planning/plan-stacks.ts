import { costVerdict } from '../../infra/policy/cost-verdict.ts';
import { estimateCost } from '../../infra/policy/cost.ts';
import type { CostEstimate } from '../../infra/policy/cost.ts';
import { gate } from '../../infra/policy/gate.ts';
import { instancesOf } from '../background/wanted.ts';
import { stackNames } from '../deploy.ts';
import type { ReleaseRef, StackName, StackPlan, Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { releasedHere } from '../releases/as-released.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import { keepPlan, planStack } from '../stacks/stack-plan.ts';
import type { PlanJson } from '../terraform/plan-json.ts';
import { show } from '../terraform/show.ts';
import { summarizePlan } from '../terraform/summary.ts';
import type { PlanSummary } from '../terraform/summary.ts';
import type { Watch } from '../terraform/supervise.ts';
import { gateContext, publicOf, refuseViolations } from './gate-plan.ts';
import { refuseExisting } from './refuse-existing.ts';
import { refuseReplaced } from './refuse-replaced.ts';

export interface PlannedStack {
  readonly plan: StackPlan;
  readonly summary: PlanSummary;
  readonly cost: CostEstimate;
  /** Holds values: it may be looked at, and is never stored. */
  readonly json: PlanJson;
}

export interface StacksToPlan {
  readonly runId: string;
  readonly release: ReleaseRef;
  readonly secretVersions: Readonly<Record<string, string>>;
  /** The standing whose leaving services stay until the traffic has moved. */
  readonly alongside?: Standing | null | undefined;
  /** Public services that the apply leaves closed. */
  readonly closed?: readonly string[];
}

interface StackWatch extends Omit<Watch, 'runDir'> {
  /** A stack is laid out and its state is there. */
  readonly onOpen?: (stack: StackName) => void;
}

/** Plans both stacks side by side, keeps the plans, and lets neither gate nor cost limit pass. */
export async function planStacks(
  site: Site,
  asked: StacksToPlan,
  watch: StackWatch,
): Promise<readonly PlannedStack[]> {
  const planned = await Promise.all(stackNames.map((stack) => planOne(site, stack, asked, watch)));
  refuseCost(
    site,
    planned.map(({ cost }) => cost),
  );
  return planned;
}

/** Throws COST_REFUSED where the sum is over the limit that windlass.yaml sets. */
export function refuseCost(site: Site, costs: readonly CostEstimate[]): void {
  const verdict = costVerdict(costs, site.config.cost);
  if (verdict.verdict === 'refuse')
    throw new Failure({
      code: 'COST_REFUSED',
      what: `The plan costs ${verdict.why}`,
      why: '`cost.refuseAbove` in windlass.yaml forbids it',
      fix: 'Lower `min`, cpu or memory of the services, or raise the limit.',
    });
}

async function planOne(
  site: Site,
  stack: StackName,
  { runId, ...about }: StacksToPlan,
  { onOpen, ...watch }: StackWatch,
): Promise<PlannedStack> {
  const opened = await openStack(site, runId, { stack, ...about }, watch.signal);
  onOpen?.(stack);
  const saved = await planStack(opened, watch);
  const json = await show(opened.place, saved.file);
  refuseReplaced(json);
  const context = gateContext(site, json);
  const gateways = await gatewaysMeanwhile(site, about);
  refuseViolations(site, gate(json, { ...context, gateways }));
  await refuseExisting(site, json);
  const cost = estimateCost(json, workersOf(site));
  const head = { stack, sha256: saved.sha256, fixedMonthlyUsd: cost.fixed };
  const summary = summarizePlan(json, head);
  const kept = await keepPlan(site, `${runId}/${stack}`, saved);
  const { add, change, destroy } = summary;
  return {
    json,
    summary,
    cost,
    plan: { ...kept, stack, add, change, destroy, empty: saved.empty },
  };
}

function workersOf({ config }: Site): Readonly<Record<string, number>> {
  const workers = Object.entries(config.services).filter(([, { kind }]) => kind === 'worker');
  return Object.fromEntries(workers.map(([name, service]) => [name, instancesOf(service)]));
}

/** What everybody may call until the closed services are opened: also what was public before. */
async function gatewaysMeanwhile(
  site: Site,
  { closed = [], alongside }: Omit<StacksToPlan, 'runId'>,
): Promise<readonly string[]> {
  const open = publicOf(site.config);
  if (closed.length === 0 || !alongside) return open;
  const before = publicOf(await releasedHere(site, alongside.release));
  return [...new Set([...open.filter((name) => !closed.includes(name)), ...before])];
}
