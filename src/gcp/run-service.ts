import { z } from 'zod';

/** One line of a traffic split; `revision` is a short name or LATEST (the latest ready one). */
export interface TrafficTarget {
  readonly revision: string;
  readonly percent: number;
  readonly tag?: string;
}

/** A Cloud Run service as the API reports it; revisions by short name, '' = none. */
export interface RunService {
  readonly name: string;
  readonly uri: string;
  readonly uid: string;
  readonly etag: string;
  readonly generation: string;
  readonly image: string;
  readonly serviceAccount: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly SecretMount[];
  readonly traffic: readonly TrafficTarget[];
  readonly trafficStatuses: readonly (TrafficTarget & { readonly uri: string })[];
  readonly latestReadyRevision: string;
  readonly latestCreatedRevision: string;
  readonly ready: boolean;
  readonly reason: string;
}

/** A secret version that a service reads as a file below `path`. */
export interface SecretMount {
  readonly path: string;
  readonly secret: string;
  readonly version: string;
}

/** The service in our words. */
export function runService(message: unknown): RunService {
  const seen = Message.parse(message);
  const container = seen.template?.containers?.[0];
  return {
    ...{ name: shortName(seen.name), uri: seen.uri, uid: seen.uid, etag: seen.etag },
    generation: seen.generation,
    image: container?.image ?? '',
    serviceAccount: seen.template?.serviceAccount ?? '',
    labels: seen.labels ?? {},
    mounts: secretMounts(seen.template ?? {}),
    traffic: (seen.traffic ?? []).map(targetOf),
    trafficStatuses: (seen.trafficStatuses ?? []).map((at) => ({ ...targetOf(at), uri: at.uri })),
    latestReadyRevision: shortName(seen.latestReadyRevision),
    latestCreatedRevision: shortName(seen.latestCreatedRevision),
    ...standing(seen.terminalCondition),
  };
}

/** The secrets that a revision, or the template of one, mounts as files. */
export function secretMounts(message: unknown): readonly SecretMount[] {
  const { volumes, containers } = Mounting.parse(message);
  const mounts = containers?.[0]?.volumeMounts ?? [];
  return mounts.flatMap(({ name, mountPath }) => {
    const source = (volumes ?? []).find((volume) => volume.name === name)?.secret;
    if (!source) return [];
    const secret = shortName(source.secret);
    const version = source.items?.[0]?.version ?? 'latest';
    return [{ path: mountPath, secret, version }];
  });
}

/** Whether a condition says "succeeded", and what it says otherwise. */
export function standing(condition: Condition): {
  readonly ready: boolean;
  readonly reason: string;
} {
  const ready = condition?.state === 'CONDITION_SUCCEEDED';
  return { ready, reason: ready ? '' : (condition?.message ?? '') };
}

/** `projects/p/locations/l/services/s` as `s`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A condition of Cloud Run v2 (google.cloud.run.v2.Condition). */
export const Condition = z.object({ type: text, state: text, message: text }).nullish();
export type Condition = z.infer<typeof Condition>;

const Target = z.object({
  revision: text,
  percent: z.number().nullish(),
  tag: text,
  uri: text,
});

const Volume = z.object({
  name: text,
  secret: z
    .object({
      secret: text,
      items: z.array(z.object({ path: text, version: text })).nullish(),
    })
    .nullish(),
});
const VolumeMount = z.object({ name: text, mountPath: text });

const Mounting = z.object({
  volumes: z.array(Volume).nullish(),
  containers: z
    .array(z.object({ image: text, volumeMounts: z.array(VolumeMount).nullish() }))
    .nullish(),
});

const Message = z.object({
  ...{ name: z.string(), uri: text, uid: text, etag: text },
  generation: text,
  labels: z.record(z.string(), z.string()).nullish(),
  template: Mounting.extend({ serviceAccount: text }).nullish(),
  traffic: z.array(Target).nullish(),
  trafficStatuses: z.array(Target).nullish(),
  latestReadyRevision: text,
  latestCreatedRevision: text,
  terminalCondition: Condition,
});

function targetOf(target: z.infer<typeof Target>): TrafficTarget {
  const tag = target.tag === '' ? {} : { tag: target.tag };
  const revision = target.revision === '' ? 'LATEST' : shortName(target.revision);
  return { revision, percent: target.percent ?? 0, ...tag };
}
