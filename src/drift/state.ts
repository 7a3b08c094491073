import { changedPaths } from '../../infra/policy/changed-paths.ts';
import { stackNames } from '../deploy.ts';
import type { StackName, Standing } from '../deploy.ts';
import { passing } from '../fingerprint/lasting.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import { planStack } from '../stacks/stack-plan.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { Found } from '../drift-finding.ts';

/** What changed behind Terraform's back: its own refresh, and what a plan of the release says. */
export async function stateDrift(
  site: Site,
  asked: { readonly runId: string; readonly standing: Standing },
  watch: Omit<Watch, 'runDir'>,
): Promise<readonly Found[]> {
  const { release, secretVersions } = asked.standing;
  const found = await Promise.all(
    stackNames.map(async (stack) => {
      const opened = await openStack(
        site,
        asked.runId,
        { release, stack, secretVersions },
        watch.signal,
      );
      const saved = await planStack(opened, watch);
      return differences(stack, await show(opened.place, saved.file));
    }),
  );
  return found.flat();
}

/** Findings of one plan; what Google stamps by itself is none. */
export function differences(stack: StackName, plan: PlanJson): readonly Found[] {
  const owner = `Terraform, stack ${stack}`;
  const drifted = plan.resource_drift.flatMap((one) => {
    const keys = changedKeys(one);
    const gone = one.change.actions.includes('delete');
    if (keys.length === 0 && !gone) return [];
    const what = gone ? 'is missing' : `has another ${keys.join(', ')}`;
    return [{ address: one.address, what }];
  });
  const known = new Set(drifted.map(({ address }) => address));
  const planned = plan.resource_changes
    .filter(
      ({ address, mode, change }) => mode === 'managed' && !known.has(address) && acts(change),
    )
    .map(({ address }) => ({ address, what: 'is not as the release says' }));
  return [...drifted, ...planned].map(({ address, what }) => ({
    source: 'state',
    what: `${address} ${what}`,
    owner,
    next: nextOf(plan, address),
  }));
}

function changedKeys({ change }: ResourceChange): readonly string[] {
  const { before, after } = change;
  if (!before || !after) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !passing.test(key) && differs(before[key], after[key]));
}

// What a first refresh finds empty, such as a map of labels, was unset in the state until then.
function differs(before: unknown, after: unknown): boolean {
  return changedPaths(before, after, false).length > 0;
}

function acts({ actions }: ResourceChange['change']): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}

function nextOf(plan: PlanJson, address: string): string {
  const change = plan.resource_changes.find((one) => one.address === address)?.change;
  if (!change || !acts(change)) return 'leaves it as it is';
  return `puts it back (${change.actions.join(' and ')})`;
}
