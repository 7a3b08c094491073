import { stackNames } from '../deploy.ts';
import type { StacksToPlan } from '../planning/plan-stacks.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import { planStack } from '../stacks/stack-plan.ts';
import { show } from '../terraform/show.ts';
import { summarizePlan } from '../terraform/summary.ts';
import type { Watch } from '../terraform/supervise.ts';

/** What a second plan would still change; none = terraform and the cloud agree. */
export async function emptyPlans(
  site: Site,
  { runId, release, secretVersions }: StacksToPlan,
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly string[]> {
  const found = await Promise.all(
    stackNames.map(async (stack) => {
      const inputs = { release, stack, secretVersions };
      const opened = await openStack(site, runId, inputs, watch.signal);
      const saved = await planStack(opened, watch);
      if (saved.empty) return [];
      const about = { stack, sha256: saved.sha256, fixedMonthlyUsd: 0 };
      const { resources } = summarizePlan(await show(opened.place, saved.file), about);
      return resources.map(({ address, actions }) => `${address}: ${actions.join(' and ')}`);
    }),
  );
  return found.flat();
}
