import type { PlanJson } from '../terraform/plan-json.ts';

/** Services that get a new revision though their image stays: another size, secret or variable. */
export function changedServices({ resource_changes }: PlanJson): readonly string[] {
  return resource_changes.flatMap(({ type, change: { actions, before, after } }) => {
    if (type !== 'google_cloud_run_v2_service' || !actions.includes('update')) return [];
    const name = before?.['name'];
    const same = JSON.stringify(before?.['template']) === JSON.stringify(after?.['template']);
    return same || typeof name !== 'string' ? [] : [name];
  });
}
