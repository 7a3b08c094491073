import { list, optional, optionalComputed, required, set, type Fields } from '../engine/schema.ts';
import { containerProbes } from './cloud-run-v2-probes.ts';

/** Variables of a container. */
export const env = {
  name: required('string'),
  value: optional('string', { sendEmpty: true }),
  value_source: list(
    { max: 1 },
    {
      secret_key_ref: list({ max: 1 }, { secret: required('string'), version: optional('string') }),
    },
  ),
};

const containers: Fields = {
  args: optional(['list', 'string']),
  command: optional(['list', 'string']),
  depends_on: optional(['list', 'string']),
  image: required('string'),
  name: optional('string'),
  working_dir: optional('string'),
  env: set({}, env),
  ports: list(
    { max: 1, array: true, computed: true },
    { container_port: optional('number'), name: optionalComputed('string') },
  ),
  resources: list(
    { max: 1, computed: true },
    {
      cpu_idle: optional('bool'),
      limits: optionalComputed(['map', 'string']),
      startup_cpu_boost: optional('bool'),
    },
  ),
  volume_mounts: list(
    {},
    { mount_path: required('string'), name: required('string'), sub_path: optional('string') },
  ),
  ...containerProbes,
};

/** What may be mounted into a container. */
export const volumes: Fields = {
  name: required('string'),
  cloud_sql_instance: list({ max: 1 }, { instances: optional(['set', 'string']) }),
  empty_dir: list(
    { max: 1, sendEmpty: true },
    { medium: optional('string'), size_limit: optional('string') },
  ),
  secret: list(
    { max: 1 },
    {
      default_mode: optional('number'),
      secret: required('string'),
      items: list(
        {},
        { mode: optional('number'), path: required('string'), version: optional('string') },
      ),
    },
  ),
};

/** What every new revision of a service is made from. */
export const template = list(
  { min: 1, max: 1 },
  {
    annotations: optional(['map', 'string']),
    encryption_key: optional('string'),
    execution_environment: optional('string'),
    health_check_disabled: optional('bool'),
    labels: optional(['map', 'string']),
    max_instance_request_concurrency: optionalComputed('number'),
    revision: optional('string'),
    service_account: optionalComputed('string'),
    session_affinity: optional('bool'),
    timeout: optionalComputed('string'),
    containers: list({}, containers),
    scaling: list(
      { max: 1, computed: true },
      { max_instance_count: optionalComputed('number'), min_instance_count: optional('number') },
    ),
    volumes: list({}, volumes),
    vpc_access: list(
      { max: 1 },
      {
        connector: optional('string'),
        egress: optionalComputed('string'),
        network_interfaces: list(
          {},
          {
            network: optionalComputed('string'),
            subnetwork: optionalComputed('string'),
            tags: optional(['list', 'string']),
          },
        ),
      },
    ),
  },
);
