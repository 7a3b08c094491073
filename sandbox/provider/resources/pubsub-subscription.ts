import { deletionPolicy, id, naming, project, sameThing } from '../engine/common-fields.ts';
import { labelFields } from '../engine/labels.ts';
import { restResource } from '../engine/rest-resource.ts';
import { list, optional, optionalComputed, required, timeouts } from '../engine/schema.ts';
import { isObject, text, type ValueObject } from '../engine/value.ts';

const path = 'projects/{project}/subscriptions/{name}';

const backoff = optionalComputed('string', { same: sameSeconds });

/** Messages of a topic that wait to be pulled. */
export const pubsubSubscription = restResource({
  type: 'google_pubsub_subscription',
  product: 'pubsub',
  id: path,
  create: { method: 'PUT', path },
  update: {
    method: 'PATCH',
    mask: (changed) => [...changed, 'bigqueryConfig'],
    wrap: ({ topic: _fixed, ...subscription }) => ({ subscription }),
  },
  importIds: [path, '{project}/{name}', '{name}'],
  fields: {
    ...id,
    ...project,
    name: naming(),
    topic: required('string', { forceNew: true, same: sameThing }),
    ...labelFields,
    ...deletionPolicy,
    ack_deadline_seconds: optionalComputed('number'),
    enable_exactly_once_delivery: optional('bool'),
    enable_message_ordering: optional('bool', { forceNew: true }),
    filter: optional('string', { forceNew: true }),
    message_retention_duration: optional('string', { default: '604800s' }),
    retain_acked_messages: optional('bool'),
    expiration_policy: list(
      { max: 1, computed: true, sendEmpty: true, nullable: true },
      { ttl: required('string') },
    ),
    dead_letter_policy: list(
      { max: 1, nullable: true },
      { dead_letter_topic: optional('string'), max_delivery_attempts: optional('number') },
    ),
    retry_policy: list(
      { max: 1, nullable: true },
      { maximum_backoff: backoff, minimum_backoff: backoff },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  encode: (body, state) => ({ ...body, topic: topicPath(body, state) }),
  decode: (answer) => ({ ...answer, expirationPolicy: withTtl(answer) }),
});

function sameSeconds(wanted: string, known: string): boolean {
  return Number.parseFloat(wanted) === Number.parseFloat(known);
}

/** The API takes no bare name. */
function topicPath({ topic }: ValueObject, state: ValueObject): string {
  const named = text(topic);
  return named.includes('/') ? named : `projects/${text(state['project'])}/topics/${named}`;
}

/** A policy without a time says: never. */
function withTtl({ expirationPolicy }: ValueObject) {
  return isObject(expirationPolicy) ? { ttl: '', ...expirationPolicy } : null;
}
