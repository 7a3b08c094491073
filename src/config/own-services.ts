import { z } from 'zod';
import { ServiceName } from './service.ts';
import { ownValue } from '../own-value.ts';

/** What an environment says of a service for itself; the rest is what `services` says. */
export const OwnServices = z.record(
  ServiceName,
  z.strictObject({
    image: z.string().optional().describe('image that this environment alone runs'),
  }),
);

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
