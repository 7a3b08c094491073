import { Failure } from '../failure.ts';
import type { PlanJson, ResourceChange } from '../terraform/plan-json.ts';
import { nameOfLoss } from './undo/resource-undo.ts';

/**
 * A Failure where a plan would replace a service. Nothing can accept that: no revision of the new
 * one could be tried without traffic, the old one answers nothing meanwhile, and no undo brings its
 * address back. A service that is deleted for good is another thing, and can be accepted.
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
    fix: 'Take that change back. For another region declare a new environment and fill it with `windlass recover -e OLD --into NEW`.',
  });
}

function reasonsOf(replaced: readonly ResourceChange[]): string {
  const fields = replaced.flatMap(({ change }) =>
    change.replace_paths.map((path) => path.join('.')),
  );
  return [...new Set(fields)].join(', ') || 'something of it';
}
