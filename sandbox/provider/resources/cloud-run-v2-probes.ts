import { list, optional, optionalComputed, required, type Fields } from '../engine/schema.ts';

const headers = list(
  {},
  { name: required('string'), value: optional('string', { sendEmpty: true }) },
);

const timing: Fields = {
  failure_threshold: optional('number', { default: 3 }),
  initial_delay_seconds: optional('number', { default: 0 }),
  period_seconds: optional('number', { default: 10 }),
  timeout_seconds: optional('number', { default: 1 }),
};

// The kinds of probe that are not chosen are sent as null (recorded calls of the real provider).
const grpc = list(
  { max: 1, nullable: true },
  { port: optionalComputed('number'), service: optional('string') },
);

const httpGet = list(
  { max: 1, nullable: true },
  {
    path: optional('string', { default: '/' }),
    port: optionalComputed('number'),
    http_headers: headers,
  },
);

/** How Cloud Run asks a container whether it has started, lives and can serve. */
export const containerProbes: Fields = {
  startup_probe: list(
    { max: 1, computed: true },
    {
      ...timing,
      grpc,
      http_get: httpGet,
      tcp_socket: list({ max: 1, nullable: true }, { port: optionalComputed('number') }),
    },
  ),
  liveness_probe: list(
    { max: 1 },
    {
      ...timing,
      grpc,
      http_get: httpGet,
      tcp_socket: list({ max: 1 }, { port: required('number') }),
    },
  ),
  readiness_probe: list(
    { max: 1 },
    {
      failure_threshold: optionalComputed('number'),
      period_seconds: optionalComputed('number'),
      success_threshold: optionalComputed('number'),
      timeout_seconds: optionalComputed('number'),
      grpc,
      http_get: list(
        { max: 1, nullable: true },
        { path: optionalComputed('string'), port: optionalComputed('number') },
      ),
    },
  ),
};
