import type { DataSource } from '../engine/resource.ts';
import { computed } from '../engine/schema.ts';

/** What the provider itself is configured with. */
export const clientConfigData: DataSource = {
  type: 'google_client_config',
  fields: {
    id: computed('string'),
    access_token: computed('string', { sensitive: true }),
    default_labels: computed(['map', 'string']),
    project: computed('string'),
    region: computed('string'),
    zone: computed('string'),
  },
  read: ({ configuration }) =>
    Promise.resolve({
      id: `projects/${configuration.project ?? ''}`,
      access_token: configuration.token,
      default_labels: configuration.labels.labels,
      project: configuration.project,
      region: configuration.region,
    }),
};
