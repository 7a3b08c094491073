import type { Config } from '../config/config.ts';
import { ownValue } from '../own-value.ts';

type Services = Config['services'];
type Placed = Pick<Config, 'region' | 'services'>;

/** Services and secrets that a release before has and this one lacks; they go last of all. */
export interface Leaving {
  readonly services: readonly string[];
  /** Full names, such as `api-database-url`. */
  readonly secrets: readonly string[];
  /** The region that all services leave; absent = they stay in theirs. */
  readonly from?: string;
}

/** What leaves with the step from one release to another. */
export function leaving(now: Placed, before: Placed): Leaving {
  const secrets = Object.entries(before.services).flatMap(([name, { secrets }]) =>
    Object.keys(secrets)
      .filter((secret) => !Object.hasOwn(ownValue(now.services, name)?.secrets ?? {}, secret))
      .map((secret) => `${name}-${secret}`),
  );
  const services = Object.keys(before.services);
  if (now.region !== before.region) return { services, secrets, from: before.region };
  return { services: services.filter((name) => !Object.hasOwn(now.services, name)), secrets };
}

/**
 * The services of a release together with those that are leaving, so that nothing is deleted before
 * the traffic has moved. `keepSecrets` also keeps secrets that a service no longer reads.
 */
export function withLeaving(
  now: Services,
  before: Services,
  { keepSecrets }: { readonly keepSecrets: boolean },
): Services {
  const open = Object.values(now).some((service) => service.public);
  const all: Services = {};
  for (const [name, service] of Object.entries(before))
    if (!Object.hasOwn(now, name)) all[name] = { ...service, public: service.public && !open };
  for (const [name, service] of Object.entries(now)) {
    const secrets = keepSecrets
      ? { ...before[name]?.secrets, ...service.secrets }
      : service.secrets;
    all[name] = { ...service, secrets };
  }
  return all;
}
