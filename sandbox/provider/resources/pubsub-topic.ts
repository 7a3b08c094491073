import { deletionPolicy, id, naming, project } from '../engine/common-fields.ts';
import { labelFields } from '../engine/labels.ts';
import { restResource } from '../engine/rest-resource.ts';
import { optional, timeouts } from '../engine/schema.ts';

const path = 'projects/{project}/topics/{name}';

/** Where messages are published. */
export const pubsubTopic = restResource({
  type: 'google_pubsub_topic',
  product: 'pubsub',
  id: path,
  create: { method: 'PUT', path },
  update: { method: 'PATCH', mask: true, wrap: (topic) => ({ topic }) },
  importIds: [path, '{project}/{name}', '{name}'],
  fields: {
    ...id,
    ...project,
    name: naming(),
    ...labelFields,
    ...deletionPolicy,
    kms_key_name: optional('string'),
    message_retention_duration: optional('string'),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});
