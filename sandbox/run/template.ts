import { z } from 'zod';
import { invalid } from '../google/http.ts';

const HttpGet = z.looseObject({ path: z.string().optional(), port: z.number().optional() });
const Port = z.looseObject({ port: z.number().optional() });
export const Probe = z.looseObject({
  initialDelaySeconds: z.number().optional(),
  timeoutSeconds: z.number().optional(),
  periodSeconds: z.number().optional(),
  failureThreshold: z.number().optional(),
  httpGet: HttpGet.optional(),
  tcpSocket: Port.optional(),
  grpc: Port.optional(),
});
/** A startup or liveness probe; times in seconds. */
export type Probe = z.infer<typeof Probe>;

const SecretKeyRef = z.object({ secret: z.string(), version: z.string().optional() });
const Env = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueSource: z.looseObject({ secretKeyRef: SecretKeyRef.optional() }).optional(),
});
const ContainerPort = z.looseObject({
  name: z.string().optional(),
  containerPort: z.number().optional(),
});
const VolumeMount = z.looseObject({ name: z.string(), mountPath: z.string() });

const Container = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(Env).optional(),
  ports: z.array(ContainerPort).optional(),
  resources: z
    .looseObject({
      limits: z.record(z.string(), z.string()).optional(),
      cpuIdle: z.boolean().optional(),
      startupCpuBoost: z.boolean().optional(),
    })
    .optional(),
  volumeMounts: z.array(VolumeMount).optional(),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
});
export type Container = z.infer<typeof Container>;

const SecretItem = z.looseObject({
  path: z.string(),
  version: z.string().optional(),
  mode: z.number().optional(),
});
const SecretVolume = z.looseObject({
  secret: z.string(),
  items: z.array(SecretItem).optional(),
  defaultMode: z.number().optional(),
});
const Volume = z.looseObject({ name: z.string(), secret: SecretVolume.optional() });
export type Volume = z.infer<typeof Volume>;

const Template = z.looseObject({
  revision: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  scaling: z
    .looseObject({
      minInstanceCount: z.number().optional(),
      maxInstanceCount: z.number().optional(),
    })
    .optional(),
  timeout: z.string().optional(),
  serviceAccount: z.string().optional(),
  vpcAccess: z.unknown().optional(),
  containers: z.array(Container).min(1),
  volumes: z.array(Volume).optional(),
  maxInstanceRequestConcurrency: z.number().optional(),
  executionEnvironment: z.string().optional(),
});
/** The parts of a RevisionTemplate that the sandbox acts upon; the rest is carried along. */
export type Template = z.infer<typeof Template>;

/** Reads a template; INVALID_ARGUMENT in Google's words where a required field is missing. */
export function readTemplate(template: unknown): Template {
  const parsed = Template.safeParse(template);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ['template', ...(issue?.path ?? [])].join('.');
  throw invalid(`Violation in UpdateServiceRequest.service.${field}: field is required.`);
}

/** The container that gets the requests: the one with a port, else the first. */
export function ingressContainer(template: Template): Container {
  const found = template.containers.find(({ ports }) => ports !== undefined);
  const [first] = template.containers;
  const container = found ?? first;
  if (container === undefined) throw invalid('template.containers: must contain one container.');
  return container;
}

/** The port that the container is told to listen on in the cloud; default 8080. */
export const containerPort = (container: Container): number =>
  container.ports?.[0]?.containerPort ?? 8080;
