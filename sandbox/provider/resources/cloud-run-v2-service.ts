import { deletionPolicy, id, naming, project, sameThing } from '../engine/common-fields.ts';
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
import { text, type ValueObject } from '../engine/value.ts';
import { runCondition as condition } from './cloud-run-v2-condition.ts';
import { template } from './cloud-run-v2-template.ts';

const trafficStatus = [
  'list',
  [
    'object',
    { percent: 'number', revision: 'string', tag: 'string', type: 'string', uri: 'string' },
  ],
] as const;

const written = {
  ...id,
  ...project,
  location: naming(),
  name: required('string', { local: true, forceNew: true, same: sameThing }),
  client: optional('string'),
  client_version: optional('string'),
  custom_audiences: optional(['list', 'string']),
  default_uri_disabled: optional('bool'),
  deletion_protection: optional('bool', { local: true, default: true }),
  ...deletionPolicy,
  description: optional('string'),
  iap_enabled: optional('bool'),
  ingress: optionalComputed('string'),
  invoker_iam_disabled: optional('bool'),
  launch_stage: optionalComputed('string'),
  ...labelFields,
  ...annotationFields,
};

const reported = {
  conditions: computed(condition),
  create_time: computed('string'),
  creator: computed('string'),
  delete_time: computed('string'),
  etag: computed('string'),
  expire_time: computed('string'),
  generation: computed('string'),
  last_modifier: computed('string'),
  latest_created_revision: computed('string'),
  latest_ready_revision: computed('string'),
  observed_generation: computed('string'),
  reconciling: computed('bool'),
  terminal_condition: computed(condition),
  traffic_statuses: computed(trafficStatus),
  uid: computed('string'),
  update_time: computed('string'),
  uri: computed('string'),
  urls: computed(['list', 'string']),
};

/** A Cloud Run service through API v2: changed by a PATCH of the whole object, without a mask. */
export const cloudRunV2Service = restResource({
  type: 'google_cloud_run_v2_service',
  product: 'cloud_run_v2',
  id: 'projects/{project}/locations/{location}/services/{name}',
  create: {
    path: 'projects/{project}/locations/{location}/services',
    query: { serviceId: '{name}' },
  },
  update: { method: 'PATCH' },
  operation: 'tainted',
  importIds: [
    'projects/{project}/locations/{location}/services/{name}',
    '{project}/{location}/{name}',
    '{location}/{name}',
  ],
  beforeDelete: (_call, state) => refuseProtected(state),
  fields: {
    ...written,
    ...reported,
    binary_authorization: list(
      { max: 1 },
      {
        breakglass_justification: optional('string'),
        policy: optional('string'),
        use_default: optional('bool'),
      },
    ),
    scaling: list(
      { max: 1, computed: true },
      {
        manual_instance_count: optionalComputed('number'),
        max_instance_count: optionalComputed('number'),
        min_instance_count: optionalComputed('number'),
        scaling_mode: optional('string'),
      },
    ),
    template,
    traffic: list(
      { computed: true },
      {
        percent: optionalComputed('number'),
        revision: optional('string'),
        tag: optional('string'),
        type: optional('string'),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});

function refuseProtected(state: ValueObject) {
  if (state['deletion_protection'] !== true) return;
  throw new Error(
    `cannot destroy service ${text(state['name'])} without setting deletion_protection=false and running \`terraform apply\``,
  );
}
