import { z } from 'zod';
import type { Message } from '../protocol/services.ts';
import { shaped } from '../engine/shape.ts';
import { isObject, pack, toValue } from '../engine/value.ts';
import { namedResource } from './request-values.ts';

const raw = z.object({ json: z.instanceof(Uint8Array) });

/** A stored state in the shape of today's schema; also one that the real provider wrote. */
export function upgradeState(request: Message) {
  const resource = namedResource(request['typeName']);
  const { json } = raw.parse(request['rawState']);
  const state = toValue(JSON.parse(Buffer.from(json).toString()));
  return { upgradedState: pack(isObject(state) ? shaped(resource.fields, state) : null) };
}
