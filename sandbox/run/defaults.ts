import { z } from 'zod';
import type { Message } from './read-message.ts';
import {
  type Container,
  containerPort,
  ingressContainer,
  type Probe,
  readTemplate,
  type Template,
} from './template.ts';

/** The traffic of a service that says nothing about it: all to the latest ready revision. */
export const allToLatest = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', percent: 100 }];

/**
 * Fills in what Cloud Run fills in, and only that: the fields that the Terraform provider declares
 * Optional and Computed. What is Optional only comes back exactly as it was sent.
 */
export function withDefaults(spec: Message, projectNumber: string): Message {
  return {
    ingress: 'INGRESS_TRAFFIC_ALL',
    launchStage: 'GA',
    ...spec,
    traffic: spec['traffic'] ?? allToLatest,
    template: templateDefaults(readTemplate(spec['template']), projectNumber),
  };
}

function templateDefaults(template: Template, projectNumber: string): Message {
  const ingress = ingressContainer(template);
  return {
    ...template,
    scaling: { maxInstanceCount: 100, ...template.scaling },
    timeout: template.timeout ?? '300s',
    maxInstanceRequestConcurrency: template.maxInstanceRequestConcurrency ?? 80,
    serviceAccount:
      template.serviceAccount ?? `${projectNumber}-compute@developer.gserviceaccount.com`,
    containers: template.containers.map((container) =>
      container === ingress ? ingressDefaults(container) : resourceDefaults(container),
    ),
  };
}

function ingressDefaults(container: Container): Message {
  const port = containerPort(container);
  const [declared] = container.ports ?? [];
  const { startupProbe, livenessProbe } = container;
  const tcp = { timeoutSeconds: 240, periodSeconds: 240, failureThreshold: 1, tcpSocket: { port } };
  return {
    ...resourceDefaults(container),
    ports: [{ ...declared, name: declared?.name ?? 'http1', containerPort: port }],
    startupProbe: startupProbe === undefined ? tcp : withPort(startupProbe, port),
    ...(livenessProbe === undefined ? {} : { livenessProbe: withPort(livenessProbe, port) }),
  };
}

function resourceDefaults(container: Container): Message {
  const { resources } = container;
  const limits = { cpu: '1000m', memory: '512Mi' };
  // Without a resources block the CPU is throttled between requests; inside one it must be said.
  if (resources === undefined) {
    return { ...container, resources: { limits, cpuIdle: true, startupCpuBoost: true } };
  }
  return { ...container, resources: { ...resources, limits: { ...limits, ...resources.limits } } };
}

function withPort(probe: Probe, port: number): Probe {
  const check = z.enum(['httpGet', 'tcpSocket', 'grpc']);
  const kind = check.options.find((name) => probe[name] !== undefined);
  if (kind === undefined) return { ...probe, tcpSocket: { port } };
  return { ...probe, [kind]: { port, ...probe[kind] } };
}
