import { deletionPolicy, id, naming, project } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import { computed, list, optional, required, timeouts } from '../engine/schema.ts';
import { unlessDeleted } from './workload-identity-pool.ts';

/** An issuer of outside identities, and the rule which of them are let in. */
export const workloadIdentityPoolProvider = restResource({
  type: 'google_iam_workload_identity_pool_provider',
  product: 'iam_beta',
  id: 'projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}/providers/{workload_identity_pool_provider_id}',
  create: {
    path: 'projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}/providers',
    query: { workloadIdentityPoolProviderId: '{workload_identity_pool_provider_id}' },
  },
  update: { method: 'PATCH', mask: true },
  operation: 'discarded',
  importIds: [
    'projects/{project}/locations/global/workloadIdentityPools/{workload_identity_pool_id}/providers/{workload_identity_pool_provider_id}',
    '{project}/{workload_identity_pool_id}/{workload_identity_pool_provider_id}',
    '{workload_identity_pool_id}/{workload_identity_pool_provider_id}',
  ],
  fields: {
    ...id,
    ...project,
    workload_identity_pool_id: naming(),
    workload_identity_pool_provider_id: naming(),
    attribute_condition: optional('string'),
    attribute_mapping: optional(['map', 'string']),
    description: optional('string'),
    disabled: optional('bool'),
    display_name: optional('string'),
    ...deletionPolicy,
    name: computed('string'),
    state: computed('string'),
    aws: list({ max: 1 }, { account_id: required('string') }),
    oidc: list(
      { max: 1 },
      {
        allowed_audiences: optional(['list', 'string']),
        issuer_uri: required('string'),
        jwks_json: optional('string'),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  decode: unlessDeleted,
});
