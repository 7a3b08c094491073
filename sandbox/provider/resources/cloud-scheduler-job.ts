import { deletionPolicy, id, naming, project } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import {
  computed,
  list,
  optional,
  optionalComputed,
  required,
  timeouts,
} from '../engine/schema.ts';
import type { Call } from '../engine/resource.ts';
import { text, type ValueObject } from '../engine/value.ts';

const path = 'projects/{project}/locations/{region}/jobs/{name}';

/** What calls an address at stated times; paused and resumed by verbs of their own. */
export const cloudSchedulerJob = restResource({
  type: 'google_cloud_scheduler_job',
  product: 'cloud_scheduler',
  id: path,
  create: { path: 'projects/{project}/locations/{region}/jobs' },
  update: { method: 'PATCH' },
  importIds: [path, '{project}/{region}/{name}', '{region}/{name}', '{name}'],
  fields: {
    ...id,
    ...project,
    region: optionalComputed('string', { local: true, forceNew: true }),
    name: naming(),
    ...deletionPolicy,
    attempt_deadline: optionalComputed('string'),
    description: optional('string'),
    paused: optionalComputed('bool'),
    schedule: optional('string'),
    state: computed('string'),
    time_zone: optional('string', { default: 'Etc/UTC' }),
    http_target: list(
      { max: 1 },
      {
        body: optional('string'),
        headers: optional(['map', 'string']),
        http_method: optional('string'),
        uri: required('string'),
        oauth_token: list(
          { max: 1 },
          { scope: optional('string'), service_account_email: required('string') },
        ),
        oidc_token: list(
          { max: 1 },
          { audience: optional('string'), service_account_email: required('string') },
        ),
      },
    ),
    retry_config: list(
      { max: 1, computed: true },
      {
        max_backoff_duration: optionalComputed('string'),
        max_doublings: optionalComputed('number'),
        max_retry_duration: optionalComputed('string'),
        min_backoff_duration: optionalComputed('string'),
        retry_count: optionalComputed('number'),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  encode: ({ paused: _turned, ...body }, state) => ({ ...body, name: nameOf(state) }),
  decode: ({ name: _path, ...answer }) => ({ ...answer, paused: answer['state'] === 'PAUSED' }),
  settled: turned,
});

function nameOf(state: ValueObject): string {
  return `projects/${text(state['project'])}/locations/${text(state['region'])}/jobs/${text(state['name'])}`;
}

async function turned(call: Call, state: ValueObject): Promise<void> {
  if (typeof state['paused'] !== 'boolean') return;
  const verb = state['paused'] ? 'pause' : 'resume';
  const to = `${nameOf(state)}:${verb}`;
  await call.send({ product: 'cloud_scheduler', generated: true, method: 'POST', path: to });
}
