import { z } from 'zod';
import type { Message } from './read-message.ts';
import { partsOf, type ServiceRecord, type State, shortName, TrafficTarget } from './records.ts';
import { serviceEtag } from './service-body.ts';
import {
  type Container,
  ingressContainer,
  readTemplate,
  type Template,
  type Volume,
} from './template.ts';
import { revisionOf } from './traffic.ts';
import { serviceUrl, tagUrl } from './urls.ts';

const Strings = z.record(z.string(), z.string()).default({});
const Annotated = z.looseObject({
  scaling: z.looseObject({ minInstanceCount: z.number().optional() }).optional(),
  invokerIamDisabled: z.boolean().optional(),
});
const ingresses: Readonly<Record<string, string>> = {
  INGRESS_TRAFFIC_ALL: 'all',
  INGRESS_TRAFFIC_INTERNAL_ONLY: 'internal',
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: 'internal-and-cloud-load-balancing',
};

/** The same service as the v1 API shows it. */
export function toKnative(service: ServiceRecord): Message {
  const { name, spec, uid, generation } = service;
  const { project, location } = partsOf(name);
  const ingress = ingresses[String(spec['ingress'])] ?? 'all';
  const selfLink = `/apis/serving.knative.dev/v1/namespaces/${project}/services/${shortName(name)}`;
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      ...{ name: shortName(name), namespace: project, selfLink, uid, generation },
      resourceVersion: serviceEtag(service).replaceAll('"', ''),
      creationTimestamp: service.createTime,
      labels: { ...Strings.parse(spec['labels']), 'cloud.googleapis.com/location': location },
      annotations: {
        ...Strings.parse(spec['annotations']),
        'serving.knative.dev/creator': service.creator,
        'serving.knative.dev/lastModifier': service.lastModifier,
        'run.googleapis.com/ingress': ingress,
        'run.googleapis.com/ingress-status': ingress,
        ...serviceAnnotations(spec),
      },
    },
    spec: {
      template: knativeTemplate(readTemplate(spec['template'])),
      traffic: z
        .array(TrafficTarget)
        .parse(spec['traffic'])
        .map((target) => traffic(target)),
    },
    status: status(service),
  };
}

/** What v2 keeps in fields of the service and v1 in its annotations. */
function serviceAnnotations(spec: Message): Message {
  const { scaling = {}, invokerIamDisabled } = Annotated.parse(spec);
  return {
    ...scale('run.googleapis.com/minScale', scaling.minInstanceCount),
    ...(invokerIamDisabled === true ? { 'run.googleapis.com/invoker-iam-disabled': 'true' } : {}),
  };
}

/** A revision's template as v1 spells it. */
export function knativeTemplate(from: Template): { metadata: Message; spec: Message } {
  const { scaling, labels, containers, volumes, revision } = from;
  const { resources } = ingressContainer(from);
  const annotations = {
    ...from.annotations,
    ...scale('autoscaling.knative.dev/minScale', scaling?.minInstanceCount),
    ...scale('autoscaling.knative.dev/maxScale', scaling?.maxInstanceCount),
    // Where it is off v1 says nothing: the provider would see a change of a service that never had it.
    ...(resources?.startupCpuBoost === true
      ? { 'run.googleapis.com/startup-cpu-boost': 'true' }
      : {}),
    ...(resources?.cpuIdle === true ? {} : { 'run.googleapis.com/cpu-throttling': 'false' }),
  };
  const name = revision === undefined ? {} : { name: revision };
  return {
    metadata: { ...name, ...(labels === undefined ? {} : { labels }), annotations },
    spec: {
      containerConcurrency: from.maxInstanceRequestConcurrency,
      timeoutSeconds: Number.parseInt(from.timeout ?? '300', 10),
      serviceAccountName: from.serviceAccount,
      containers: containers.map(container),
      ...(volumes === undefined ? {} : { volumes: volumes.map(volume) }),
    },
  };
}

function container(from: Container): Message {
  const { env, resources, ...rest } = from;
  const limits = resources?.limits;
  return {
    ...rest,
    ...(limits === undefined ? {} : { resources: { limits } }),
    ...(env === undefined ? {} : { env: env.map(variable) }),
  };
}

function variable({ name, value, valueSource }: NonNullable<Container['env']>[number]): Message {
  const key = valueSource?.secretKeyRef;
  if (key === undefined) return { name, value };
  return { name, valueFrom: { secretKeyRef: { name: key.secret, key: key.version ?? 'latest' } } };
}

function volume({ name, secret }: Volume): Message {
  if (secret === undefined) return { name, emptyDir: {} };
  const items = secret.items?.map(({ path, version, mode }) => ({ key: version, path, mode }));
  return { name, secret: { secretName: secret.secret, defaultMode: secret.defaultMode, items } };
}

function status(service: ServiceRecord): Message {
  const { observedGeneration, latestCreated, latestReady, state, served } = service;
  return {
    observedGeneration,
    url: serviceUrl(service),
    address: { url: serviceUrl(service) },
    latestCreatedRevisionName: latestCreated,
    latestReadyRevisionName: latestReady,
    conditions: ['Ready', 'ConfigurationsReady', 'RoutesReady'].map((type) =>
      knativeCondition(type, state),
    ),
    traffic: served.map((target) => ({
      ...traffic(target),
      revisionName: revisionOf(target, latestReady),
      ...(target.tag === undefined ? {} : { url: tagUrl(service, target.tag) }),
    })),
  };
}

function traffic({ revision, percent, tag }: TrafficTarget): Message {
  const target = revision === undefined ? { latestRevision: true } : { revisionName: revision };
  return { ...target, percent, ...(tag === undefined ? {} : { tag }) };
}

/** Where a service or a revision stands, as v1 spells it. */
export function knativeCondition(type: string, { phase, message, reason, at }: State): Message {
  const status = { pending: 'Unknown', ready: 'True', failed: 'False' }[phase];
  return { type, status, message, reason, lastTransitionTime: at };
}

const scale = (annotation: string, count: number | undefined): Message =>
  count === undefined ? {} : { [annotation]: String(count) };
