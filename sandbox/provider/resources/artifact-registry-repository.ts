import {
  deletionPolicy,
  id,
  lastSegment,
  naming,
  project,
  sameButCase,
} from '../engine/common-fields.ts';
import { labelFields } from '../engine/labels.ts';
import { restResource } from '../engine/rest-resource.ts';
import {
  computed,
  list,
  optional,
  optionalComputed,
  required,
  set,
  timeouts,
} from '../engine/schema.ts';
import { isList, isObject, text, type Value, type ValueObject } from '../engine/value.ts';

/** A repository of images. */
export const artifactRegistryRepository = restResource({
  type: 'google_artifact_registry_repository',
  product: 'artifact_registry',
  id: 'projects/{project}/locations/{location}/repositories/{repository_id}',
  create: {
    path: 'projects/{project}/locations/{location}/repositories',
    query: { repository_id: '{repository_id}' },
  },
  update: { method: 'PATCH', mask: true, atOnce: true },
  operation: 'discarded',
  importIds: [
    'projects/{project}/locations/{location}/repositories/{repository_id}',
    '{project}/{location}/{repository_id}',
    '{location}/{repository_id}',
  ],
  fields: {
    ...id,
    ...project,
    location: optionalComputed('string', { local: true, forceNew: true }),
    repository_id: naming(),
    format: required('string', { forceNew: true, same: sameButCase }),
    mode: optional('string', { default: 'STANDARD_REPOSITORY', forceNew: true }),
    description: optional('string'),
    kms_key_name: optional('string', { forceNew: true }),
    cleanup_policy_dry_run: optional('bool'),
    ...labelFields,
    ...deletionPolicy,
    name: computed('string'),
    create_time: computed('string'),
    update_time: computed('string'),
    registry_uri: computed('string'),
    cleanup_policies: set(
      {},
      {
        id: required('string'),
        action: optional('string'),
        condition: list(
          { max: 1 },
          {
            newer_than: optional('string'),
            older_than: optional('string'),
            package_name_prefixes: optional(['list', 'string']),
            tag_prefixes: optional(['list', 'string']),
            tag_state: optional('string', { default: 'ANY' }),
            version_name_prefixes: optional(['list', 'string']),
          },
        ),
        most_recent_versions: list(
          { max: 1 },
          { keep_count: optional('number'), package_name_prefixes: optional(['list', 'string']) },
        ),
      },
    ),
    docker_config: list({ max: 1, forceNew: true }, { immutable_tags: optional('bool') }),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  // The API keeps the policies in a map by their ids.
  encode: ({ cleanupPolicies, ...body }) =>
    isList(cleanupPolicies) && cleanupPolicies.length > 0
      ? { ...body, cleanupPolicies: byId(cleanupPolicies) }
      : body,
  decode: (answer) => ({
    ...answer,
    name: lastSegment(text(answer['name'])),
    cleanupPolicies: isObject(answer['cleanupPolicies'])
      ? Object.values(answer['cleanupPolicies'])
      : null,
  }),
});

const byId = (policies: readonly Value[]): ValueObject =>
  Object.fromEntries(
    policies.flatMap((policy) => (isObject(policy) ? [[text(policy['id']), policy]] : [])),
  );
