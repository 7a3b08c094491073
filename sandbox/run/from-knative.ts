import type { KnativeContainer, KnativeService, KnativeTraffic } from './knative-types.ts';
import type { KnativeVolume } from './knative-types.ts';
import { messageType } from './proto-table.ts';
import { type Message, readMessage } from './read-message.ts';

const MIN = 'autoscaling.knative.dev/minScale';
const MAX = 'autoscaling.knative.dev/maxScale';
const OPEN = 'run.googleapis.com/invoker-iam-disabled';
const ingresses: Readonly<Record<string, string>> = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
};

/** The client's fields of a v2 service that says what a v1 service says. */
export function fromKnative({ metadata, spec }: KnativeService): Message {
  const annotations = metadata.annotations ?? {};
  const ingress = ingresses[annotations['run.googleapis.com/ingress'] ?? ''];
  const minimum = annotations['run.googleapis.com/minScale'];
  return readMessage(
    messageType('Service'),
    {
      ingress,
      labels: own(metadata.labels ?? {}),
      annotations: own(annotations),
      ...(annotations[OPEN] === undefined
        ? {}
        : { invokerIamDisabled: annotations[OPEN] === 'true' }),
      ...(minimum === undefined ? {} : { scaling: { minInstanceCount: Number(minimum) } }),
      template: template(spec.template),
      traffic: spec.traffic?.map(traffic),
    },
    'service',
  );
}

function template({ metadata, spec }: KnativeService['spec']['template']): Message {
  const annotations = metadata?.annotations ?? {};
  const { [MIN]: least, [MAX]: most } = annotations;
  const boost = annotations['run.googleapis.com/startup-cpu-boost'] === 'true';
  const cpuIdle = annotations['run.googleapis.com/cpu-throttling'] !== 'false';
  return {
    revision: metadata?.name,
    labels: own(metadata?.labels ?? {}),
    annotations: own(annotations),
    scaling: {
      ...(least === undefined ? {} : { minInstanceCount: Number(least) }),
      ...(most === undefined ? {} : { maxInstanceCount: Number(most) }),
    },
    timeout: `${spec.timeoutSeconds ?? 300}s`,
    serviceAccount: spec.serviceAccountName,
    maxInstanceRequestConcurrency: spec.containerConcurrency ?? 80,
    containers: spec.containers.map((one) => container(one, { cpuIdle, startupCpuBoost: boost })),
    volumes: spec.volumes?.map(volume),
  };
}

function container(one: KnativeContainer, cpu: Message): Message {
  const { env, resources, ...rest } = one;
  const limits = resources?.limits ?? undefined;
  return {
    ...rest,
    env: env?.map(({ name, value, valueFrom }) => {
      const key = valueFrom?.secretKeyRef;
      if (key === undefined) return { name, value };
      return { name, valueSource: { secretKeyRef: { secret: key.name, version: key.key } } };
    }),
    resources: { limits, ...cpu },
  };
}

function volume({ name, secret }: KnativeVolume): Message {
  if (secret === undefined || secret === null) return { name, emptyDir: {} };
  const items = secret.items?.map(({ key, path, mode }) => ({ version: key, path, mode }));
  return { name, secret: { secret: secret.secretName, defaultMode: secret.defaultMode, items } };
}

function traffic({ revisionName, percent, tag }: KnativeTraffic): Message {
  return revisionName === undefined || revisionName === null || revisionName === ''
    ? { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent, tag }
    : { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: revisionName, percent, tag };
}

// Labels in Google's own namespaces are written by the server, not by its clients.
function own(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !/(^|\.)(googleapis\.com|knative\.dev)\//.test(key)),
  );
}
