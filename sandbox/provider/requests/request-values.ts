import { z } from 'zod';
import { resources } from '../resources/index.ts';
import type { Resource } from '../engine/resource.ts';
import { isObject, toValue, unpack, type Value, type ValueObject } from '../engine/value.ts';

const dynamic = z.object({ msgpack: z.instanceof(Uint8Array), json: z.instanceof(Uint8Array) });

/** The value in a request's field, null where it has none. */
export function packed(field: unknown): Value {
  const { msgpack, json } = dynamic.parse(field);
  if (msgpack.length > 0) return unpack(msgpack);
  return json.length > 0 ? toValue(JSON.parse(Buffer.from(json).toString())) : null;
}

/** The object in a request's field, null where it has none. */
export function packedObject(field: unknown): ValueObject | null {
  const value = packed(field);
  return isObject(value) ? value : null;
}

/** The resource type that a request names; throws where the stand-in lacks it. */
export function namedResource(typeName: unknown): Resource {
  const found = resources.find(({ type }) => type === typeName);
  if (found === undefined)
    throw new Error(`the sandbox's provider has no resource ${String(typeName)}`);
  return found;
}
