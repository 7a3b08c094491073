import type { Config } from './config.ts';
import type { Issue } from './issue.ts';
import { servicesIn } from './services-in.ts';

/**
 * What is wrong with services as one environment has them and not by themselves, by the key of the
 * environment: `look` is asked of both.
 */
export function ownIssues(
  config: Config,
  look: (services: Config['services']) => readonly Issue[],
): readonly Issue[] {
  const known = new Set(look(config.services).map(textOf));
  return Object.keys(config.environments).flatMap((environment) =>
    look(servicesIn(config, environment))
      .filter((issue) => !known.has(textOf(issue)))
      .map((issue) => ({ ...issue, path: ['environments', environment, ...issue.path] })),
  );
}

function textOf({ path, message }: Issue): string {
  return JSON.stringify([path, message]);
}
