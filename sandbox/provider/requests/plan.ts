import type { Message } from '../protocol/services.ts';
import { isStrict, plannedChange } from '../engine/change.ts';
import type { Configuration } from '../engine/configuration.ts';
import { pack } from '../engine/value.ts';
import { namedResource, packedObject } from './request-values.ts';

/** Plans the creation or change of a resource. */
export function planChange(configuration: Configuration | null, request: Message) {
  const resource = namedResource(request['typeName']);
  const config = packedObject(request['config']) ?? {};
  const prior = packedObject(request['priorState']);
  const change = plannedChange(resource, configuration, config, prior);
  return {
    plannedState: pack(change.planned),
    requiresReplace: change.requiresReplace,
    legacyTypeSystem: !isStrict(resource),
  };
}
