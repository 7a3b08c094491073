import { deletionPolicy, id, naming, project } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import { computed, optional, optionalComputed, timeouts } from '../engine/schema.ts';
import type { ValueObject } from '../engine/value.ts';

/** A pool of outside identities that may act as service accounts. */
export const workloadIdentityPool = restResource({
  type: 'google_iam_workload_identity_pool',
  product: 'iam_beta',
  id: 'projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}',
  create: {
    path: 'projects/{project}/locations/global/workloadIdentityPools',
    query: { workloadIdentityPoolId: '{workload_identity_pool_id}' },
  },
  update: { method: 'PATCH', mask: true },
  operation: 'discarded',
  importIds: [
    'projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}',
    '{project}/{workload_identity_pool_id}',
    '{workload_identity_pool_id}',
  ],
  fields: {
    ...id,
    ...project,
    workload_identity_pool_id: naming(),
    display_name: optional('string'),
    description: optional('string'),
    disabled: optional('bool'),
    mode: optionalComputed('string', { forceNew: true }),
    ...deletionPolicy,
    name: computed('string'),
    state: computed('string'),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  decode: unlessDeleted,
});

/** A deleted pool or provider is kept and shown for 30 days. */
export function unlessDeleted(answer: ValueObject): ValueObject | null {
  return answer['state'] === 'DELETED' ? null : answer;
}
