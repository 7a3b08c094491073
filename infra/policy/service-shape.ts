import { z } from 'zod';

const blocks = <S extends z.ZodType>(shape: S) =>
  z
    .array(shape)
    .nullish()
    .transform((v) => v ?? []);

const Env = z.object({
  name: z.string(),
  value_source: blocks(
    z.object({ secret_key_ref: blocks(z.object({ version: z.string().nullish() })) }),
  ),
});

const Container = z.object({
  image: z.string().nullish(),
  env: blocks(Env),
  resources: blocks(z.object({ cpu_idle: z.boolean().nullish() })),
});

const Secret = z.object({ items: blocks(z.object({ version: z.string().nullish() })) });

const Template = z.object({
  service_account: z.string().nullish(),
  containers: blocks(Container),
  volumes: blocks(z.object({ secret: blocks(Secret) })),
});

/** The part of a planned Cloud Run v2 service that the rules look at. */
export const PlannedService = z.object({
  deletion_protection: z.boolean().nullish(),
  template: z.array(Template).length(1),
});
export type PlannedService = z.infer<typeof PlannedService>;

/** A job, whose containers stand one level further down, as the rules look at it. */
export const PlannedJob = z
  .object({
    deletion_protection: z.boolean().nullish(),
    template: z.array(z.object({ template: z.array(Template).length(1) })).length(1),
  })
  .transform(({ template, ...job }): PlannedService => ({
    ...job,
    template: template.flatMap((execution) => execution.template),
  }));

/** The containers of a service. */
export function containersOf(service: PlannedService) {
  return service.template.flatMap((template) => template.containers);
}

/** The versions of every secret that a service reads, mounted or in its environment. */
export function secretVersionsOf(service: PlannedService): readonly (string | null | undefined)[] {
  const volumes = service.template.flatMap((template) => template.volumes);
  const mounted = volumes.flatMap(({ secret }) =>
    // Without items a volume reads `latest`.
    secret.flatMap(({ items }) => (items.length === 0 ? ['latest'] : items.map((i) => i.version))),
  );
  const sources = containersOf(service).flatMap(({ env }) => env.flatMap((e) => e.value_source));
  return [...mounted, ...sources.flatMap((source) => source.secret_key_ref.map((r) => r.version))];
}
