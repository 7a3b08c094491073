import { deletionPolicy, id, project, sameButCase } from '../engine/common-fields.ts';
import { labelFields } from '../engine/labels.ts';
import type { Call } from '../engine/resource.ts';
import { restResource } from '../engine/rest-resource.ts';
import { unlessGone } from '../engine/http.ts';
import {
  computed,
  list,
  optional,
  optionalComputed,
  required,
  timeouts,
} from '../engine/schema.ts';
import { isList, isObject, text, type ValueObject, written } from '../engine/value.ts';
import { lifecycleOf, lifecycleRule, rulesOf } from './storage-bucket-lifecycle.ts';

/** A bucket. */
export const storageBucket = restResource({
  type: 'google_storage_bucket',
  version: 4,
  product: 'storage',
  generated: true,
  id: '{name}',
  path: 'b/{name}',
  create: { path: 'b', query: { project: '{project}' } },
  update: { method: 'PATCH', partial: true },
  importIds: ['{project}/{name}', '{name}'],
  beforeDelete: emptied,
  fields: {
    ...id,
    ...project,
    name: required('string', { forceNew: true }),
    location: required('string', { forceNew: true, same: sameButCase }),
    storage_class: optional('string', { default: 'STANDARD' }),
    force_destroy: optional('bool', { local: true, default: false }),
    public_access_prevention: optionalComputed('string'),
    uniform_bucket_level_access: optionalComputed('bool'),
    requester_pays: optional('bool', { local: true }),
    default_event_based_hold: optional('bool'),
    ...labelFields,
    ...deletionPolicy,
    project_number: computed('number'),
    self_link: computed('string'),
    time_created: computed('string'),
    updated: computed('string'),
    url: computed('string'),
    versioning: list(
      { max: 1, computed: true },
      { enabled: required('bool', { sendEmpty: true }) },
    ),
    soft_delete_policy: list(
      { max: 1, computed: true },
      {
        effective_time: computed('string'),
        retention_duration_seconds: optional('number', { sendEmpty: true }),
      },
    ),
    retention_policy: list(
      { max: 1 },
      { is_locked: optional('bool'), retention_period: required('string') },
    ),
    lifecycle_rule: lifecycleRule,
    timeouts: timeouts('create', 'read', 'update'),
  },
  encode: toBucket,
  decode: fromBucket,
});

function toBucket(
  { publicAccessPrevention, uniformBucketLevelAccess, ...body }: ValueObject,
  state: ValueObject,
) {
  const uniform =
    uniformBucketLevelAccess === true ? { uniformBucketLevelAccess: { enabled: true } } : {};
  const prevention =
    text(publicAccessPrevention) === ''
      ? {}
      : { publicAccessPrevention: publicAccessPrevention ?? null };
  const { lifecycleRule: _rules, ...rest } = body;
  return {
    ...rest,
    location: text(body['location']).toUpperCase(),
    iamConfiguration: { ...prevention, ...uniform },
    lifecycle: { rule: lifecycleOf(state['lifecycle_rule']) },
  };
}

function fromBucket(answer: ValueObject): ValueObject {
  const iam = isObject(answer['iamConfiguration']) ? answer['iamConfiguration'] : {};
  const uniform = iam['uniformBucketLevelAccess'];
  const lifecycle = isObject(answer['lifecycle']) ? answer['lifecycle'] : {};
  return {
    ...answer,
    url: `gs://${text(answer['name'])}`,
    publicAccessPrevention: iam['publicAccessPrevention'] ?? null,
    uniformBucketLevelAccess: isObject(uniform) ? (uniform['enabled'] ?? null) : null,
    lifecycleRule: rulesOf(lifecycle['rule']),
  };
}

async function emptied(call: Call, state: ValueObject): Promise<void> {
  const path = `b/${text(state['name'])}`;
  await unlessGone(
    call.send({ product: 'storage', method: 'GET', path: `${path}/anywhereCaches/` }),
  );
  const request = {
    product: 'storage',
    method: 'GET',
    path: `${path}/o`,
    generated: true,
  } as const;
  const listing = await unlessGone(call.send({ ...request, query: { versions: 'true' } }));
  const objects = isList(listing?.['items']) ? listing['items'].filter(isObject) : [];
  if (objects.length > 0 && state['force_destroy'] !== true) {
    throw new Error(
      `Error trying to delete bucket ${text(state['name'])} containing objects without \`force_destroy\` set to true`,
    );
  }
  for (const object of objects) {
    const name = encodeURIComponent(text(object['name']));
    const query = { generation: written(object['generation']) };
    await unlessGone(call.send({ ...request, method: 'DELETE', path: `${path}/o/${name}`, query }));
  }
}
