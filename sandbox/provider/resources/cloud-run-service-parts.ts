import { annotationFields, labelFields } from '../engine/labels.ts';
import { computed, list, optional, optionalComputed, required } from '../engine/schema.ts';
import type { CtyType } from '../engine/schema.ts';
import { container } from './cloud-run-service-container.ts';

const observed = {
  generation: computed('number'),
  resource_version: computed('string'),
  self_link: computed('string'),
  uid: computed('string'),
};

/** Labels and annotations of a v1 service. */
export const serviceMetadata = list(
  { max: 1, computed: true },
  { ...labelFields, ...annotationFields, namespace: optionalComputed('string'), ...observed },
);

const volume = {
  name: required('string'),
  empty_dir: list(
    { max: 1, sendEmpty: true },
    { medium: optional('string'), size_limit: optional('string') },
  ),
  secret: list(
    { max: 1 },
    {
      default_mode: optional('number'),
      secret_name: required('string'),
      items: list(
        {},
        { key: required('string'), mode: optional('number'), path: required('string') },
      ),
    },
  ),
};

/** What every new revision of a v1 service is made from. */
export const serviceTemplate = list(
  { max: 1 },
  {
    metadata: list(
      { max: 1, computed: true },
      {
        annotations: optionalComputed(['map', 'string']),
        labels: optionalComputed(['map', 'string']),
        name: optionalComputed('string'),
        namespace: optionalComputed('string'),
        ...observed,
      },
    ),
    spec: list(
      { max: 1, computed: true },
      {
        container_concurrency: optionalComputed('number'),
        node_selector: optional(['map', 'string']),
        service_account_name: optionalComputed('string'),
        serving_state: computed('string'),
        timeout_seconds: optionalComputed('number'),
        containers: list({ computed: true }, container),
        volumes: list({}, volume),
      },
    ),
  },
);

/** What Cloud Run reports of a v1 service. */
export const serviceStatus: CtyType = [
  'list',
  [
    'object',
    {
      conditions: [
        'list',
        ['object', { message: 'string', reason: 'string', status: 'string', type: 'string' }],
      ],
      latest_created_revision_name: 'string',
      latest_ready_revision_name: 'string',
      observed_generation: 'number',
      traffic: [
        'list',
        [
          'object',
          {
            latest_revision: 'bool',
            percent: 'number',
            revision_name: 'string',
            tag: 'string',
            url: 'string',
          },
        ],
      ],
      url: 'string',
    },
  ],
];
