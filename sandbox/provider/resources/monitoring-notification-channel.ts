import { deletionPolicy, id, project } from '../engine/common-fields.ts';
import { restResource } from '../engine/rest-resource.ts';
import { computed, optional, required, timeouts } from '../engine/schema.ts';
import { text } from '../engine/value.ts';

/** Where Google sends its warnings, such as an e-mail address. */
export const monitoringNotificationChannel = restResource({
  type: 'google_monitoring_notification_channel',
  product: 'monitoring',
  id: '{name}',
  path: 'v3/{name}',
  create: { path: 'v3/projects/{project}/notificationChannels' },
  update: { method: 'PATCH' },
  deleteQuery: (state) => ({ force: String(state['force_delete'] === true) }),
  importIds: ['{project} {+name}', '{+name}'],
  imported: (found) => ({ project: text(found['name']).split('/')[1] ?? null, ...found }),
  fields: {
    ...id,
    ...project,
    type: required('string'),
    display_name: optional('string'),
    description: optional('string'),
    enabled: optional('bool', { default: true, sendEmpty: true }),
    force_delete: optional('bool', { local: true, default: false }),
    labels: optional(['map', 'string']),
    user_labels: optional(['map', 'string']),
    ...deletionPolicy,
    name: computed('string'),
    verification_status: computed('string'),
    timeouts: timeouts('create', 'update', 'delete'),
  },
});
