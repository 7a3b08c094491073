import { deletionPolicy, id, naming, project } from '../engine/common-fields.ts';
import { annotationFields, labelFields } from '../engine/labels.ts';
import { restResource } from '../engine/rest-resource.ts';
import {
  computed,
  list,
  optional,
  optionalComputed,
  required,
  timeouts,
} from '../engine/schema.ts';
import { text } from '../engine/value.ts';

const encryption = list(
  { max: 1, forceNew: true },
  { kms_key_name: required('string', { forceNew: true }) },
);

/** A secret without its values. */
export const secretManagerSecret = restResource({
  type: 'google_secret_manager_secret',
  product: 'secret_manager',
  id: 'projects/{project}/secrets/{secret_id}',
  create: { path: 'projects/{project}/secrets', query: { secretId: '{secret_id}' } },
  update: { method: 'PATCH', mask: true },
  importIds: ['projects/{project}/secrets/{secret_id}', '{project}/{secret_id}', '{secret_id}'],
  beforeDelete: (_call, state) => {
    if (state['deletion_protection'] !== true) return;
    throw new Error(
      `cannot destroy secret ${text(state['secret_id'])} without setting deletion_protection=false and running \`terraform apply\``,
    );
  },
  fields: {
    ...id,
    ...project,
    secret_id: naming(),
    ...labelFields,
    ...annotationFields,
    ...deletionPolicy,
    deletion_protection: optional('bool', { local: true, default: false }),
    version_aliases: optional(['map', 'string']),
    version_destroy_ttl: optional('string'),
    expire_time: optionalComputed('string'),
    ttl: optional('string', { forceNew: true }),
    name: computed('string'),
    create_time: computed('string'),
    replication: list(
      { min: 1, max: 1, forceNew: true },
      {
        auto: list(
          { max: 1, json: 'automatic', sendEmpty: true, forceNew: true },
          { customer_managed_encryption: encryption },
        ),
        user_managed: list(
          { max: 1, forceNew: true },
          {
            replicas: list(
              { min: 1, forceNew: true },
              { location: required('string'), customer_managed_encryption: encryption },
            ),
          },
        ),
      },
    ),
    rotation: list(
      { max: 1 },
      { next_rotation_time: optional('string'), rotation_period: optional('string') },
    ),
    topics: list({}, { name: required('string') }),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});
