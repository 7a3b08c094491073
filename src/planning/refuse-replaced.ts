import { Failure } from '../failure.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';
import { nameOfLoss } from './undo/resource-undo.ts';

/**
 * A Failure where a plan would replace a service in its place. Nothing can accept that: no revision
 * of the new one could be tried without traffic, and nothing answers meanwhile. One that leaves, or
 * is made anew in another region beside the old one, is another thing, and can be accepted.
 */
export function refuseReplaced({ resource_changes }: PlanJson): void {
  const replaced = resource_changes.filter(
    ({ type, change }) =>
      type === 'google_cloud_run_v2_service' &&
      change.actions.includes('delete') &&
      change.actions.includes('create'),
  );
  if (replaced.length === 0) return;
  throw new Failure({
    code: 'SERVICE_REPLACED',
    what: `The plan would replace ${replaced.map(nameOfLoss).join(', ')}`,
    why: `${reasonsOf(replaced)} cannot change in place, and a replaced service loses its address, its revisions and its callers`,
    fix: 'Revert that change of infra/. A service may get another name or region in windlass.yaml.',
  });
}

function reasonsOf(replaced: readonly ResourceChange[]): string {
  const fields = replaced.flatMap(({ change }) =>
    change.replace_paths.map((path) => path.join('.')),
  );
  return [...new Set(fields)].join(', ') || 'something of it';
}
