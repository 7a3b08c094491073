import { z } from 'zod';

const Strings = z.record(z.string(), z.string());

const KnativeEnv = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: z
        .looseObject({ name: z.string().optional(), key: z.string().optional() })
        .optional(),
    })
    .optional(),
});

export const KnativeContainer = z.looseObject({
  image: z.string(),
  env: z.array(KnativeEnv).nullish(),
  resources: z.looseObject({ limits: Strings.nullish() }).nullish(),
});
/** A container as the v1 API spells it. */
export type KnativeContainer = z.infer<typeof KnativeContainer>;

const KnativeVolume = z.looseObject({
  name: z.string(),
  secret: z
    .looseObject({
      secretName: z.string(),
      defaultMode: z.number().nullish(),
      items: z
        .array(z.object({ key: z.string(), path: z.string(), mode: z.number().nullish() }))
        .nullish(),
    })
    .nullish(),
});
export type KnativeVolume = z.infer<typeof KnativeVolume>;

const Metadata = z.looseObject({
  name: z.string().optional(),
  labels: Strings.nullish(),
  annotations: Strings.nullish(),
});

const TemplateSpec = z.looseObject({
  containers: z.array(KnativeContainer).min(1),
  serviceAccountName: z.string().nullish(),
  containerConcurrency: z.number().nullish(),
  timeoutSeconds: z.number().nullish(),
  volumes: z.array(KnativeVolume).nullish(),
});

const KnativeTraffic = z.looseObject({
  revisionName: z.string().nullish(),
  latestRevision: z.boolean().nullish(),
  percent: z.number().nullish(),
  tag: z.string().nullish(),
});
export type KnativeTraffic = z.infer<typeof KnativeTraffic>;

/** The parts of a v1 service that a client writes. */
export const KnativeService = z.looseObject({
  metadata: Metadata.extend({ name: z.string(), resourceVersion: z.string().optional() }),
  spec: z.looseObject({
    template: z.looseObject({ metadata: Metadata.nullish(), spec: TemplateSpec }),
    traffic: z.array(KnativeTraffic).nullish(),
  }),
});
export type KnativeService = z.infer<typeof KnativeService>;
