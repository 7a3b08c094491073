import { stackNames } from '../deploy.ts';
import type { StackName, Standing } from '../deploy.ts';
import { passingOf } from '../fingerprint/lasting.ts';
import type { Site } from '../site.ts';
import { openStack } from '../stacks/open-stack.ts';
import { planStack } from '../stacks/stack-plan.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';
import { show } from '../terraform/show.ts';
import type { Watch } from '../terraform/supervise.ts';
import type { Found } from '../drift-finding.ts';
import { fieldChanges } from './field-changes.ts';
import type { FieldChange } from './field-changes.ts';
import { fieldWords } from './field-words.ts';

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
  const drifted = plan.resource_drift.flatMap(({ address, type, change }) => {
    if (change.actions.includes('delete')) return [{ address, what: 'is missing' }];
    const changes = lastingChanges({ type, change });
    return changes.length === 0 ? [] : [{ address, what: fieldWords(changes, 'after') }];
  });
  const known = new Set(drifted.map(({ address }) => address));
  const planned = plan.resource_changes
    .filter(
      ({ address, mode, change }) => mode === 'managed' && !known.has(address) && acts(change),
    )
    .map(({ address, type, change }) => ({ address, what: plannedWords({ type, change }) }));
  return [...drifted, ...planned].map(({ address, what }) => ({
    source: 'state',
    what: `${address}: ${what}`,
    owner,
    next: nextOf(plan, address),
  }));
}

type Changed = Pick<ResourceChange, 'type' | 'change'>;

/** What Terraform would do to a resource that it found unchanged. */
function plannedWords({ type, change }: Changed): string {
  const does = new Set(change.actions);
  if (does.has('create') && !does.has('delete')) return 'does not exist';
  if (does.has('delete') && !does.has('create')) return 'is not in the release';
  return fieldWords(lastingChanges({ type, change }), 'before') || 'is not as the release says';
}

/** Without what Google counts or stamps by itself, and what nobody has before an apply. */
function lastingChanges({ type, change }: Changed): readonly FieldChange[] {
  if (!change.before || !change.after) return [];
  const isPassing = passingOf(type, change.before);
  return fieldChanges(change).filter(({ path }) => !isPassing(path.replace(/[.[].*/, '')));
}

function acts({ actions }: ResourceChange['change']): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}

function nextOf(plan: PlanJson, address: string): string {
  const change = plan.resource_changes.find((one) => one.address === address)?.change;
  if (!change || !acts(change)) return 'leaves it as it is';
  return `puts it back (${change.actions.join(' and ')})`;
}
