import { list, optional, optionalComputed, required, set, type Fields } from '../engine/schema.ts';

const headers = list({}, { name: required('string'), value: optional('string') });

const probe: Fields = {
  failure_threshold: optional('number', { default: 3 }),
  initial_delay_seconds: optional('number', { default: 0 }),
  period_seconds: optional('number', { default: 10 }),
  timeout_seconds: optional('number', { default: 1 }),
  grpc: list({ max: 1 }, { port: optionalComputed('number'), service: optional('string') }),
  http_get: list(
    { max: 1 },
    {
      path: optional('string', { default: '/' }),
      port: optionalComputed('number'),
      http_headers: headers,
    },
  ),
};

const env: Fields = {
  name: optional('string'),
  value: optional('string'),
  value_from: list(
    { max: 1 },
    {
      secret_key_ref: list(
        { min: 1, max: 1 },
        { key: required('string'), name: required('string') },
      ),
    },
  ),
};

/** One container of a v1 service. */
export const container: Fields = {
  args: optional(['list', 'string']),
  command: optional(['list', 'string']),
  image: required('string'),
  name: optionalComputed('string'),
  env: set({}, env),
  liveness_probe: list({ max: 1 }, probe),
  startup_probe: list(
    { max: 1, computed: true },
    { ...probe, tcp_socket: list({ max: 1 }, { port: optionalComputed('number') }) },
  ),
  ports: list(
    { computed: true },
    {
      container_port: optional('number'),
      name: optionalComputed('string'),
      protocol: optional('string'),
    },
  ),
  resources: list(
    { max: 1, computed: true },
    { limits: optionalComputed(['map', 'string']), requests: optional(['map', 'string']) },
  ),
  volume_mounts: list(
    {},
    { mount_path: required('string'), name: required('string'), sub_path: optional('string') },
  ),
};
