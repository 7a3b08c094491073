import { z } from 'zod';
import type { PlanJson } from '../terraform/plan-json.ts';

/** Services that get a new revision though their image stays: another size, secret or variable. */
export function changedServices({ resource_changes }: PlanJson): readonly string[] {
  return resource_changes.flatMap(({ type, change: { actions, before, after } }) => {
    if (!promoted.has(type) || !actions.includes('update')) return [];
    const name = ownName(before);
    const same = JSON.stringify(before?.['template']) === JSON.stringify(after?.['template']);
    return same || name === undefined ? [] : [name];
  });
}

/** A job is changed by its candidate: what it runs itself is no apply's. */
const promoted = new Set([
  'google_cloud_run_v2_service',
  'google_cloud_run_v2_job',
  'google_cloud_run_v2_worker_pool',
]);

const Named = z.object({
  name: z.string(),
  labels: z.object({ service: z.string().optional() }).nullish(),
});

function ownName(values: unknown): string | undefined {
  const { data } = Named.safeParse(values);
  return data?.labels?.service ?? data?.name;
}
