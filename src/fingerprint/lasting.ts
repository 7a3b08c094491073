import { isCandidate } from '../background/candidate.ts';
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

/** Tells attributes of a resource that say nothing of what a release makes of it. */
export function passingOf(
  type: string,
  resource: Readonly<Record<string, unknown>>,
): (attribute: string) => boolean {
  // Terraform alone makes the candidate of a job.
  const moved = isCandidate(resource) ? undefined : promoted[type];
  return (attribute) => passing.test(attribute) || moved?.test(attribute) === true;
}

/**
 * A resource's lasting attributes that say something, by name. What was never set is null until the
 * real provider refreshes it, and empty from then on.
 */
export function lasting(
  attributes: Readonly<Record<string, unknown>>,
  isPassing: (attribute: string) => boolean,
): unknown {
  const kept = Object.entries(attributes).filter(([attribute]) => !isPassing(attribute));
  return said(Object.fromEntries(kept));
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, said(inner)] as const)
    .filter(([, inner]) => !isNothing(inner));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
