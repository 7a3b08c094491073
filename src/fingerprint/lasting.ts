import { isNothing } from '../../infra/policy/changed-paths.ts';

/**
 * What Google counts or stamps by itself; it differs after a change and its exact undo. The
 * effective annotations hold those of others too: the state learns of them when it is refreshed.
 */
const passing =
  /^(etag|effective_annotations|uid|generation|observed_generation|.*_time|conditions|terminal_condition|latest_.*_revision|latest_created_execution|execution_count|last_modifier|creator|reconciling|traffic|traffic_statuses|unique_id|urls|timeouts)$/;

// As traffic is: what a promotion sets by the API.
const promoted: Readonly<Record<string, RegExp>> = {
  google_cloud_run_v2_job: /^template$/,
  google_cloud_scheduler_job: /^(schedule|time_zone|paused|state)$/,
  google_cloud_run_v2_worker_pool: /^(scaling|instance_splits|instance_split_statuses)$/,
};

/** A resource by its type, and its attributes. */
export interface Described {
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Whether an attribute says nothing of what a release makes of a resource. */
export function isPassing(key: string, { type, attributes }: Described): boolean {
  if (passing.test(key)) return true;
  // Terraform alone makes the candidate of a job.
  return !String(attributes['name']).endsWith('-candidate') && promoted[type]?.test(key) === true;
}

/**
 * A resource's lasting attributes that say something, by name. What was never set is null until the
 * real provider refreshes it, and empty from then on.
 */
export function lasting(resource: Described): unknown {
  const { attributes } = resource;
  return said(
    Object.fromEntries(Object.entries(attributes).filter(([key]) => !isPassing(key, resource))),
  );
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, said(inner)] as const)
    .filter(([, inner]) => !isNothing(inner));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
