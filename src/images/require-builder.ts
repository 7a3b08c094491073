import type { Config } from '../config/config.ts';
import { imageNamed } from '../config/own-services.ts';
import { buildPlanOf } from './build-plan.ts';
import { findBuilder, mayBuildElsewhere } from './engines/find-engine.ts';
import { noBuilder, refuseBare } from './refuse-unbuildable.ts';

/** Refuses an environment in the clouds where the image of a service is named nowhere and cannot be built. */
export async function refuseUnbuildable(
  root: string,
  config: Config,
  environment: string,
): Promise<void> {
  const built = Object.entries(config.services).filter(
    ([name]) => imageNamed(config, environment, name) === undefined,
  );
  const bare = built.filter(([, one]) => buildPlanOf(root, one).dockerfile === undefined);
  refuseBare(
    environment,
    bare.map(([name]) => name),
  );
  if (mayBuildElsewhere({ target: 'cloud' })) return;
  if (built.length > 0 && (await findBuilder()) === undefined)
    throw noBuilder(
      environment,
      built.map(([name]) => name),
    );
}
