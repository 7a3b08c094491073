import type { PlanJson, ResourceChange } from '../../src/terraform/plan-json.ts';
import { serviceCost } from './service-cost.ts';
import { prices } from './prices.ts';
import { workerCost } from './worker-cost.ts';

/** What one resource costs: a sum that is due whatever happens, use that is not, or not known. */
export type Cost =
  | { readonly fixed: number; readonly usage?: string }
  | { readonly usage: string }
  | { readonly unknown: string };

export interface CostLine {
  readonly address: string;
  readonly text: string;
}

/** What a plan leaves behind costs, in USD a month; the free tier of usage is not counted. */
export interface CostEstimate {
  readonly fixed: number;
  /** What it changes in `fixed`; an import changes nothing, for the resource is paid for already. */
  readonly delta: number;
  readonly lines: readonly (CostLine & { readonly usd: number })[];
  readonly usage: readonly CostLine[];
  readonly unknown: readonly CostLine[];
}

// A budget’s messages are some kilobytes a month, of which Pub/Sub’s first ten gibibytes are free.
const free =
  /_iam_(member|binding|policy)$|^google_(project_service|service_account|billing_budget|monitoring_notification_channel|pubsub_(topic|subscription)|iam_workload_identity_pool(_provider)?)$|^terraform_data$/;

/** Instances of each worker: what the plan itself does not say, for the promotion sets it. */
export type Workers = Readonly<Record<string, number>>;

/** Estimates a plan; what cannot be read is listed as unknown and never given a number. */
export function estimateCost(plan: PlanJson, workers: Workers = {}): CostEstimate {
  const managed = plan.resource_changes.filter((change) => change.mode === 'managed');
  const after = managed.flatMap((change) => priced(change, change.change.after, workers));
  const before = managed.flatMap((change) =>
    change.change.importing
      ? priced(change, change.change.after, workers)
      : priced(change, change.change.before, workers),
  );
  const fixed = sum(after) + secretsCost(managed, 'after');
  return {
    fixed: cents(fixed),
    delta: cents(fixed - sum(before) - secretsCost(managed, 'before')),
    lines: after.flatMap(({ address, cost }) =>
      'fixed' in cost && cost.fixed > 0
        ? [{ address, text: textOf(address), usd: cents(cost.fixed) }]
        : [],
    ),
    usage: after.flatMap(({ address, cost }) =>
      'usage' in cost && cost.usage !== undefined ? [{ address, text: cost.usage }] : [],
    ),
    unknown: after.flatMap(({ address, cost }) =>
      'unknown' in cost ? [{ address, text: cost.unknown }] : [],
    ),
  };
}

function textOf(address: string): string {
  if (address.includes('google_cloud_scheduler_job.')) return 'its schedule';
  return address.includes('google_cloud_run_v2_worker_pool.') ? 'always runs' : 'kept warm';
}

interface Priced {
  readonly address: string;
  readonly cost: Cost;
}

function priced(
  change: ResourceChange,
  values: ResourceChange['change']['after'],
  workers: Workers,
): Priced[] {
  if (values === null) return [];
  return [{ address: change.address, cost: costOf(change.type, values, workers) }];
}

function costOf(type: string, values: Readonly<Record<string, unknown>>, workers: Workers): Cost {
  if (type === 'google_cloud_run_v2_worker_pool')
    return workerCost(values, workers[String(values['name'])] ?? 1);
  if (type === 'google_cloud_run_v2_job') return { usage: 'by the seconds that it runs' };
  if (type === 'google_cloud_scheduler_job') return { fixed: prices.scheduler.jobMonth };
  if (type === 'google_cloud_run_v2_service') return serviceCost(values);
  if (free.test(type)) return { fixed: 0 };
  if (type === 'google_secret_manager_secret')
    return { fixed: 0, usage: `${prices.secretManager.tenThousandAccesses} per 10,000 reads` };
  if (type === 'google_artifact_registry_repository')
    return { usage: `${prices.artifactRegistry.gibMonth} per GiB of images and month` };
  return { unknown: `the price table does not know ${type}` };
}

// One version of each secret is active as a rule; the first six of an account are free.
function secretsCost(changes: readonly ResourceChange[], side: 'before' | 'after'): number {
  const there = changes.filter(
    ({ type, change }) =>
      type === 'google_secret_manager_secret' &&
      (change[side] !== null || (change.importing !== undefined && change.after !== null)),
  );
  const { freeVersions, versionMonth } = prices.secretManager;
  return Math.max(0, there.length - freeVersions) * versionMonth;
}

function sum(items: readonly Priced[]): number {
  return items.reduce((total, { cost }) => total + ('fixed' in cost ? cost.fixed : 0), 0);
}

function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
