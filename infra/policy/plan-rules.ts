import type { PlanJson, ResourceChange } from '../../src/terraform/plan-json.ts';
import { kept, managed, text } from './rule.ts';
import type { GateContext, Rule } from './rule.ts';

const precious =
  /^google_(cloud_run_(v2_)?service|cloud_run_v2_(job|worker_pool)|secret_manager_secret|secret_manager_secret_version|storage_bucket|service_account|sql_database(_instance)?|artifact_registry_repository|iam_workload_identity_pool)$/;

const labelled =
  /^google_(cloud_run_v2_(service|job|worker_pool)|secret_manager_secret|artifact_registry_repository)$/;

/** Rules about the plan as a whole: what may not vanish, and where things may lie. */
export const planRules: readonly Rule[] = [
  {
    id: 'complete-plan',
    what: 'The plan is whole',
    why: 'A partial or failed plan hides what it would do.',
    fix: 'Plan again without targets, and fix what made the plan fail.',
    check: (plan) => (plan.errored || !plan.complete ? ['the plan itself'] : []),
  },
  {
    id: 'no-delete',
    what: 'No service, secret, bucket, account, repository or database is deleted',
    why: 'Their loss cannot be undone: addresses, values and data go with them.',
    fix: 'Keep the resource, or forget it with `removed { lifecycle { destroy = false } }`.',
    check: (plan, context) => at(plan, (change) => deletes(change, context) && !creates(change)),
  },
  {
    id: 'no-replace',
    what: 'No service, secret, bucket, account, repository or database is replaced',
    why: 'A replacement is a deletion: a service loses its address, revisions and callers.',
    fix: 'Do not change its name, location or project; untaint it, or write a `moved` block.',
    check: (plan, context) => at(plan, (change) => deletes(change, context) && creates(change)),
  },
  {
    id: 'own-project',
    what: 'Everything is in the environment’s own project',
    why: 'One environment must never change what belongs to another.',
    fix: 'Check the environment’s `project` in windlass.yaml against the backend’s bucket.',
    check: (plan, { project }) =>
      kept(plan, /^google_/)
        .filter(({ after }) => (text(after, 'project') ?? project) !== project)
        .map(({ address, after }) => `${address} (${text(after, 'project')})`),
  },
  {
    id: 'known-region',
    what: 'Everything is in an allowed region',
    why: 'Another region costs more, and data may not be allowed to go there.',
    fix: 'Use an allowed region, or allow that one in the environment.',
    check: (plan, { regions }) =>
      kept(plan, /^google_/).flatMap(({ address, after }) => {
        const location = text(after, 'location') ?? text(after, 'region');
        return location === undefined || regions.includes(location)
          ? []
          : [`${address} (${location})`];
      }),
  },
  {
    id: 'labels',
    what: 'Services, secrets and repositories carry the labels environment and managed-by',
    why: 'The bill and an incident are read by these labels.',
    fix: 'Give the module its `labels`.',
    check: (plan) =>
      kept(plan, labelled)
        .filter(({ after }) => !hasLabels(after['labels'], ['environment', 'managed-by']))
        .map(({ address }) => address),
  },
  {
    id: 'no-secret-values',
    what: 'No secret’s value goes through Terraform',
    why: 'It would stand in the state, in the plan, and in every copy of them.',
    fix: 'Let the deploy add the version; Terraform makes the empty secret only.',
    check: (plan) => kept(plan, /^google_secret_manager_secret_version$/).map((one) => one.address),
  },
];

/** Whether the loss of a resource of that type cannot be undone. */
export function isPrecious(type: string): boolean {
  return precious.test(type);
}

function at(plan: PlanJson, breaks: (change: ResourceChange) => boolean): readonly string[] {
  return managed(plan)
    .filter(breaks)
    .map(({ address }) => address);
}

function deletes({ address, type, change }: ResourceChange, context: GateContext): boolean {
  const allowed = context.mayDelete?.includes(address) ?? false;
  return isPrecious(type) && change.actions.includes('delete') && !allowed;
}

function creates({ change }: ResourceChange): boolean {
  return change.actions.includes('create');
}

function hasLabels(labels: unknown, wanted: readonly string[]): boolean {
  return typeof labels === 'object' && labels !== null && wanted.every((key) => key in labels);
}
