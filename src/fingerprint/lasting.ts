import { isNothing } from '../../infra/policy/changed-paths.ts';

/**
 * What Google counts or stamps by itself; it differs after a change and its exact undo. The
 * effective annotations hold those of others too: the state learns of them when it is refreshed.
 */
export const passing =
  /^(etag|effective_annotations|uid|generation|observed_generation|.*_time|conditions|terminal_condition|latest_.*_revision|last_modifier|creator|reconciling|traffic|traffic_statuses|unique_id|urls|timeouts)$/;

/**
 * A resource's lasting attributes that say something, by name. What was never set is null until the
 * real provider refreshes it, and empty from then on.
 */
export function lasting(attributes: Readonly<Record<string, unknown>>): unknown {
  return said(Object.fromEntries(Object.entries(attributes).filter(([key]) => !passing.test(key))));
}

function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, inner]) => [key, said(inner)] as const)
    .filter(([, inner]) => !isNothing(inner));
  return Object.fromEntries(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
