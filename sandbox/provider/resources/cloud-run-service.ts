import { deletionPolicy, id, naming, project, sameThing } from '../engine/common-fields.ts';
import { pause } from '../engine/operation.ts';
import { filled } from '../engine/path-template.ts';
import type { Call } from '../engine/resource.ts';
import { restResource } from '../engine/rest-resource.ts';
import { computed, list, optional, required, timeouts } from '../engine/schema.ts';
import { isList, isObject, text, type ValueObject } from '../engine/value.ts';
import { serviceMetadata, serviceStatus, serviceTemplate } from './cloud-run-service-parts.ts';

const path = 'apis/serving.knative.dev/v1/namespaces/{project}/services/{name}';

/** A Cloud Run service through API v1 (Knative): the same service that API v2 shows. */
export const cloudRunService = restResource({
  type: 'google_cloud_run_service',
  version: 2,
  product: 'cloud_run',
  id: 'locations/{location}/namespaces/{project}/services/{name}',
  path,
  create: { path: 'apis/serving.knative.dev/v1/namespaces/{project}/services' },
  update: { method: 'PUT' },
  settled: ready,
  importIds: [
    'locations/{location}/namespaces/{project}/services/{name}',
    '{location}/{project}/{name}',
    '{location}/{name}',
  ],
  fields: {
    ...id,
    ...project,
    location: naming(),
    name: required('string', { local: true, forceNew: true, same: sameThing }),
    autogenerate_revision_name: optional('bool', { local: true, default: false }),
    ...deletionPolicy,
    metadata: serviceMetadata,
    template: serviceTemplate,
    status: computed(serviceStatus),
    traffic: list(
      { computed: true },
      {
        latest_revision: optional('bool'),
        percent: required('number'),
        revision_name: optional('string'),
        tag: optional('string'),
        url: computed('string'),
      },
    ),
    timeouts: timeouts('create', 'update', 'delete'),
  },
  encode: ({ metadata, ...spec }, state) => ({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      ...(isObject(metadata) ? metadata : {}),
      name: state['name'] ?? null,
      namespace: state['project'] ?? null,
    },
    spec,
  }),
  decode: ({ spec, ...answer }) => ({ ...answer, ...(isObject(spec) ? spec : {}) }),
});

async function ready(call: Call, state: ValueObject): Promise<void> {
  const deadline = Date.now() + 1_200_000;
  for (;;) {
    const service = await call.send({
      product: 'cloud_run',
      method: 'GET',
      path: filled(path, state),
    });
    const condition = readyCondition(service);
    if (condition?.['status'] === 'True') return;
    if (condition?.['status'] === 'False') {
      const told = JSON.stringify(text(condition['message']));
      throw new Error(`resource is in failed state "Ready:False", message: ${told}`);
    }
    await pause(call, deadline);
  }
}

/** The readiness of the generation that was asked for, not of one before it. */
function readyCondition({ metadata, status }: ValueObject): ValueObject | undefined {
  if (!isObject(metadata) || !isObject(status)) return undefined;
  if (Number(status['observedGeneration']) < Number(metadata['generation'])) return undefined;
  const conditions = isList(status['conditions']) ? status['conditions'].filter(isObject) : [];
  return conditions.find((condition) => condition['type'] === 'Ready');
}
