import { z } from 'zod';
import { ownValue } from '../own-value.ts';
import { Service, ServiceName } from './service.ts';

const { env, secrets, cpu, memory, min, max, concurrency, pool, ...others } = Service.shape;
const { schedule, instances } = others;

/** What an environment says of a service for itself; the rest is what `services` says. */
const OwnService = z.strictObject({
  image: z.string().exactOptional().describe('image for this environment only'),
  env: env.unwrap().exactOptional().describe('variables added to, or put in place of, those above'),
  secrets: secrets.unwrap().exactOptional().describe('secrets added, or with another source'),
  cpu: cpu.unwrap().exactOptional(),
  memory: memory.unwrap().exactOptional(),
  min: min.unwrap().exactOptional(),
  max: max.unwrap().exactOptional(),
  concurrency: concurrency.unwrap().exactOptional(),
  pool: pool.unwrap().exactOptional(),
  schedule: schedule.unwrap().exactOptional(),
  instances: instances.unwrap().exactOptional(),
});
export type OwnService = z.infer<typeof OwnService>;

export const OwnServices = z.record(ServiceName, OwnService);

interface Declared {
  readonly services: Readonly<Record<string, { readonly image?: string | undefined }>>;
  readonly environments: Readonly<
    Record<
      string,
      {
        readonly services?:
          Readonly<Record<string, { readonly image?: string | undefined }>> | undefined;
      }
    >
  >;
}

/** The image that windlass.yaml names for a service of an environment; undefined = it is built. */
export function imageNamed(
  { services, environments }: Declared,
  environment: string | undefined,
  service: string,
): string | undefined {
  const own = ownValue(ownValue(environments, environment ?? '')?.services ?? {}, service)?.image;
  return own ?? ownValue(services, service)?.image;
}
