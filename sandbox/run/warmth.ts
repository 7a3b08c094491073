import { z } from 'zod';
import type { World } from '../world.ts';
import { revisions, services, shortName } from './records.ts';
import { readTemplate } from './template.ts';
import { revisionOf, shareOf } from './traffic.ts';

const Scaling = z.looseObject({ minInstanceCount: z.number().optional() }).default({});

/**
 * Whether a revision shall run though nobody asks it anything: a minimum on the service counts for
 * revisions with a share of the traffic, one on the revision for all that can be reached.
 */
export function isWarm(world: World, name: string): boolean {
  const revision = revisions(world).get(name);
  const service = revision === undefined ? undefined : services(world).get(revision.service);
  if (revision?.state.phase !== 'ready' || service === undefined) return false;
  const { served, latestReady, spec } = service;
  const short = shortName(name);
  const ofService = Scaling.parse(spec['scaling']).minInstanceCount ?? 0;
  if (ofService > 0 && shareOf(served, latestReady, short) > 0) return true;
  const ofRevision = readTemplate(revision.template).scaling?.minInstanceCount ?? 0;
  return ofRevision > 0 && served.some((target) => revisionOf(target, latestReady) === short);
}
