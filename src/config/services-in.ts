import { drilledBy } from '../drills/drill-site.ts';
import { ownValue } from '../own-value.ts';
import type { Config } from './config.ts';
import type { OwnService } from './own-services.ts';
import type { Service } from './service.ts';

/** The services as an environment has them: what it says for itself counts, variable by variable. */
export function servicesIn(
  { services, environments }: Pick<Config, 'services' | 'environments'>,
  environment: string,
): Config['services'] {
  const declared =
    ownValue(environments, environment) ?? ownValue(environments, drilledBy(environment) ?? '');
  const own = declared?.services;
  if (own === undefined) return services;
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, merged(service, ownValue(own, name))]),
  );
}

/** A configuration in which `services` are those of one environment. */
export function configIn(config: Config, environment: string): Config {
  return { ...config, services: servicesIn(config, environment) };
}

function merged(service: Service, own: OwnService | undefined): Service {
  if (own === undefined) return service;
  const env = { ...service.env, ...own.env };
  return { ...service, ...own, env, secrets: { ...service.secrets, ...own.secrets } };
}
