import type { Config } from '../config.ts';

type Services = Config['services'];

/** Services and secrets that a release before has and this one lacks; they go last of all. */
export interface Leaving {
  readonly services: readonly string[];
  /** Full names, such as `meals-database-url`. */
  readonly secrets: readonly string[];
}

/** What leaves with the step from one set of services to another. */
export function leaving(now: Services, before: Services): Leaving {
  const gone = Object.entries(before).flatMap(([name, { secrets }]) =>
    Object.keys(secrets)
      .filter((secret) => !(secret in (now[name]?.secrets ?? {})))
      .map((secret) => `${name}-${secret}`),
  );
  return { services: Object.keys(before).filter((name) => !(name in now)), secrets: gone };
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
    if (!(name in now)) all[name] = { ...service, public: service.public && !open };
  for (const [name, service] of Object.entries(now)) {
    const secrets = keepSecrets
      ? { ...before[name]?.secrets, ...service.secrets }
      : service.secrets;
    all[name] = { ...service, secrets };
  }
  return all;
}
