import type { Config } from './config/config.ts';
import type { SecretSource } from './config/service.ts';

/** One secret of one service: its full name in Secret Manager and where its value comes from. */
export interface ServiceSecret {
  readonly id: string;
  readonly service: string;
  readonly source: SecretSource;
}

/** What windlass.yaml calls a secret, below its service. */
export function secretName({ id, service }: Pick<ServiceSecret, 'id' | 'service'>): string {
  return id.slice(service.length + 1);
}

/** The services that have a schema of their own. */
export function databaseServices(config: Config): readonly string[] {
  return Object.entries(config.services)
    .filter(([, service]) => service.migrations)
    .map(([name]) => name);
}

/** Every secret of every service. */
export function serviceSecrets(config: Config): readonly ServiceSecret[] {
  return Object.entries(config.services).flatMap(([service, { secrets }]) =>
    Object.entries(secrets).map(([name, source]) => ({
      id: `${service}-${name}`,
      service,
      source,
    })),
  );
}

/** Those whose values nothing but a backup could bring back. */
export function uniqueSecrets({ config }: { readonly config: Config }): readonly ServiceSecret[] {
  return serviceSecrets(config).filter(
    ({ source }) => source === 'generated' || source === 'external',
  );
}
