import type { PlanJson, ResourceChange } from '../../src/terraform/plan-json.ts';
import { changedPaths } from './changed-paths.ts';
import { managed, text } from './rule.ts';
import type { Violation } from './gate.ts';

/** What runs as `google_cloud_run_service` now: addresses in the state, and the services' names. */
export interface RunsOnV1 {
  readonly addresses: readonly string[];
  readonly services: readonly string[];
}

const v2 = /^google_cloud_run_v2_service(_iam_member)?$/;
const v1 = /^google_cloud_run_service(_iam_member)?$/;

// What may differ after an import: words about the service, not what it runs or who may call it.
const allowed =
  /^((effective_|terraform_)?labels(\.|$)|deletion_protection$|timeouts(\.|$)|scaling(\.|$)|template\.containers\.(resources\.startup_cpu_boost$|(startup|liveness)_probe(\.|$)))/;

/** Judges the plan of a migration from v1 to v2; an empty answer proves that it recreates nothing. */
export function judgeMigration(plan: PlanJson, before: RunsOnV1): readonly Violation[] {
  const changes = managed(plan);
  const rules: readonly (readonly [rule: string, what: string, at: readonly string[]])[] = [
    ['whole', 'The plan is whole', plan.errored || !plan.complete ? ['the plan itself'] : []],
    [
      'v1-forgotten',
      'Every v1 address is removed from the state, and nothing else',
      notForgotten(plan, before),
    ],
    ['v2-imported', 'Every v2 address is imported unchanged', changes.filter(isStrange).map(shown)],
    ['same-services', 'The same services come out', renamed(changes, before)],
    ['nothing-deleted', 'Nothing is deleted or replaced', changes.filter(deletes).map(shown)],
    ['nothing-else', 'Only the services are changed', changes.filter(isOther).map(shown)],
  ];
  return rules
    .filter(([, , at]) => at.length > 0)
    .map(([rule, what, at]) => ({
      ...{ rule: `migrate-${rule}`, what, at },
      why: 'v1 and v2 address the one live service: deleting the old address deletes the service.',
      fix: 'Update windlass.yaml to match what runs, then plan the migration again.',
    }));
}

function notForgotten(plan: PlanJson, { addresses }: RunsOnV1): readonly string[] {
  const changes = managed(plan).filter(({ type }) => v1.test(type));
  const missing = addresses.filter((one) => !changes.some(({ address }) => address === one));
  const wrong = changes.filter(({ change }) => change.actions.join() !== 'forget');
  return [...missing.map((one) => `${one} (not in the plan)`), ...wrong.map(shown)];
}

function isStrange({ type, change }: ResourceChange): boolean {
  if (!v2.test(type)) return false;
  if (change.importing === undefined || change.replace_paths.length > 0) return true;
  const actions = change.actions.join();
  if (actions === 'no-op') return false;
  return actions !== 'update' || forbidden(change).length > 0;
}

function forbidden(change: ResourceChange['change']): readonly string[] {
  const paths = changedPaths(change.before, change.after, change.after_unknown);
  return paths.filter((path) => !allowed.test(path));
}

function renamed(changes: readonly ResourceChange[], { services }: RunsOnV1): readonly string[] {
  const after = changes
    .filter(({ type }) => type === 'google_cloud_run_v2_service')
    .map(({ change }) => text(change.after ?? {}, 'name') ?? '?');
  return [
    ...services.filter((name) => !after.includes(name)).map((name) => `${name} is lost`),
    ...after.filter((name) => !services.includes(name)).map((name) => `${name} is new`),
  ];
}

function deletes({ change }: ResourceChange): boolean {
  return change.actions.includes('delete');
}

function isOther({ type, change }: ResourceChange): boolean {
  return !v1.test(type) && !v2.test(type) && change.actions.join() !== 'no-op';
}

function shown({ address, change }: ResourceChange): string {
  const how = [...(change.importing ? ['import'] : []), ...change.actions].join(' ');
  const paths = change.actions.includes('update') ? `: ${forbidden(change).join(', ')}` : '';
  return `${address} (${how}${paths})`;
}
