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
import { volumes } from './cloud-run-v2-template.ts';

const env: Fields = {
  name: required('string'),
  value: optional('string', { sendEmpty: true }),
  value_source: list(
    { max: 1 },
    {
      secret_key_ref: list({ max: 1 }, { secret: required('string'), version: required('string') }),
    },
  ),
};

const secret = list(
  { max: 1 },
  {
    default_mode: optional('number'),
    secret: required('string'),
    items: list(
      {},
      { mode: optional('number'), path: required('string'), version: required('string') },
    ),
  },
);

const { cloud_sql_instance: _other, ...mountable } = volumes;

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

const task: Fields = {
  encryption_key: optional('string'),
  execution_environment: optionalComputed('string'),
  max_retries: optional('number', { default: 3, sendEmpty: true }),
  service_account: optionalComputed('string'),
  timeout: optionalComputed('string'),
  containers: list({}, containers),
  volumes: list({}, { ...mountable, secret }),
};

const reported: Fields = {
  conditions: computed(runCondition),
  create_time: computed('string'),
  creator: computed('string'),
  delete_time: computed('string'),
  etag: computed('string'),
  execution_count: computed('number'),
  expire_time: computed('string'),
  generation: computed('string'),
  last_modifier: computed('string'),
  latest_created_execution: computed([
    'list',
    ['object', { completion_time: 'string', create_time: 'string', name: 'string' }],
  ]),
  observed_generation: computed('string'),
  reconciling: computed('bool'),
  terminal_condition: computed(runCondition),
  uid: computed('string'),
  update_time: computed('string'),
};

/** A Cloud Run job: changed by a PATCH of the whole object; Terraform starts no execution. */
export const cloudRunV2Job = restResource({
  type: 'google_cloud_run_v2_job',
  product: 'cloud_run_v2',
  id: 'projects/{project}/locations/{location}/jobs/{name}',
  create: { path: 'projects/{project}/locations/{location}/jobs', query: { jobId: '{name}' } },
  update: { method: 'PATCH' },
  operation: 'tainted',
  importIds: [
    'projects/{project}/locations/{location}/jobs/{name}',
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
    launch_stage: optionalComputed('string'),
    run_execution_token: optional('string'),
    start_execution_token: optional('string'),
    ...labelFields,
    ...annotationFields,
    ...reported,
    template: list(
      { min: 1, max: 1 },
      {
        annotations: optional(['map', 'string']),
        labels: optional(['map', 'string']),
        parallelism: optionalComputed('number'),
        task_count: optionalComputed('number'),
        template: list({ min: 1, max: 1 }, task),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});

function refuseProtected(state: ValueObject) {
  if (state['deletion_protection'] !== true) return;
  throw new Error(
    `cannot destroy job ${text(state['name'])} without setting deletion_protection=false and running \`terraform apply\``,
  );
}
