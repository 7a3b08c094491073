import { deletionPolicy, id, naming, project, sameThing } from '../engine/common-fields.ts';
import { annotationFields, labelFields } from '../engine/labels.ts';
import { restResource } from '../engine/rest-resource.ts';
import {
  computed,
  list,
  optional,
  optionalComputed,
  required,
  set,
  timeouts,
  type Fields,
} from '../engine/schema.ts';
import { text, type ValueObject } from '../engine/value.ts';
import { runCondition } from './cloud-run-v2-condition.ts';
import { env, volumes } from './cloud-run-v2-template.ts';

const containers: Fields = {
  args: optional(['list', 'string']),
  command: optional(['list', 'string']),
  image: required('string'),
  name: optional('string'),
  working_dir: optional('string'),
  env: set({}, env),
  resources: list({ max: 1, computed: true }, { limits: optionalComputed(['map', 'string']) }),
  volume_mounts: list(
    {},
    { mount_path: required('string'), name: required('string'), sub_path: optional('string') },
  ),
};

const reported: Fields = {
  conditions: computed(runCondition),
  create_time: computed('string'),
  creator: computed('string'),
  delete_time: computed('string'),
  etag: computed('string'),
  expire_time: computed('string'),
  generation: computed('string'),
  instance_split_statuses: computed([
    'list',
    ['object', { percent: 'number', revision: 'string', type: 'string' }],
  ]),
  last_modifier: computed('string'),
  latest_created_revision: computed('string'),
  latest_ready_revision: computed('string'),
  observed_generation: computed('string'),
  reconciling: computed('bool'),
  terminal_condition: computed(runCondition),
  uid: computed('string'),
  update_time: computed('string'),
};

/** A Cloud Run worker pool: what runs all the time and listens nowhere. */
export const cloudRunV2WorkerPool = restResource({
  type: 'google_cloud_run_v2_worker_pool',
  product: 'cloud_run_v2',
  id: 'projects/{project}/locations/{location}/workerPools/{name}',
  create: {
    path: 'projects/{project}/locations/{location}/workerPools',
    query: { workerPoolId: '{name}' },
  },
  update: { method: 'PATCH' },
  operation: 'tainted',
  importIds: [
    'projects/{project}/locations/{location}/workerPools/{name}',
    '{project}/{location}/{name}',
    '{location}/{name}',
  ],
  beforeDelete: (_call, state) => refuseProtected(state),
  fields: {
    ...id,
    ...project,
    location: naming(),
    name: required('string', { local: true, forceNew: true, same: sameThing }),
    client: optional('string'),
    client_version: optional('string'),
    deletion_protection: optional('bool', { local: true, default: true }),
    ...deletionPolicy,
    description: optional('string'),
    launch_stage: optionalComputed('string'),
    ...labelFields,
    ...annotationFields,
    ...reported,
    instance_splits: list(
      { computed: true },
      {
        percent: optionalComputed('number'),
        revision: optional('string'),
        type: optional('string'),
      },
    ),
    scaling: list(
      { max: 1, computed: true },
      { manual_instance_count: optional('number', { sendEmpty: true }) },
    ),
    template: list(
      { min: 1, max: 1 },
      {
        annotations: optional(['map', 'string']),
        encryption_key: optional('string'),
        labels: optional(['map', 'string']),
        revision: optional('string'),
        service_account: optionalComputed('string'),
        containers: list({}, containers),
        volumes: list({}, volumes),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});

function refuseProtected(state: ValueObject) {
  if (state['deletion_protection'] !== true) return;
  throw new Error(
    `cannot destroy worker pool ${text(state['name'])} without setting deletion_protection=false and running \`terraform apply\``,
  );
}
