import type { Message } from '../protocol/services.ts';
import type { Call } from '../engine/resource.ts';
import { shaped } from '../engine/shape.ts';
import { pack } from '../engine/value.ts';
import { namedResource, packedObject } from './request-values.ts';

/** Reads a resource as it is now; null where it is gone. */
export async function readResource(call: Call, request: Message) {
  const resource = namedResource(request['typeName']);
  const state = packedObject(request['currentState']);
  const fresh = state === null ? null : await resource.read(call, state);
  return { newState: pack(fresh === null ? null : shaped(resource.fields, fresh)) };
}
