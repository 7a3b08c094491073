import type { Config } from './config/config.ts';
import type { SecretSource } from './config/service.ts';

/** One secret of one service: its full name in Secret Manager and where its value comes from. */
export interface ServiceSecret {
  readonly id: string;
  readonly service: string;
  readonly source: SecretSource;
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
