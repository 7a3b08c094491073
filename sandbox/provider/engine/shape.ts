import type { CtyType, Fields } from './schema.ts';
import { isList, isObject, type Value, type ValueObject } from './value.ts';

/** Gives an object every name of its fields, with null or no blocks where it lacks one, and no other. */
export function shaped(fields: Fields, value: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const item = value[name] ?? null;
      if (field.kind === 'attribute') return [name, shapedType(field.type, item)];
      if (field.nesting === 'single')
        return [name, isObject(item) ? shaped(field.fields, item) : null];
      if (!isList(item)) return [name, item === null || isObject(item) ? [] : item];
      return [name, item.map((one) => (isObject(one) ? shaped(field.fields, one) : one))];
    }),
  );
}

function shapedType(type: CtyType, value: Value): Value {
  if (value === null || typeof type === 'string') return value;
  const [kind, inner] = type;
  if (kind === 'object') return isObject(value) ? shapedObject(inner, value) : value;
  if (isList(value)) return value.map((item) => shapedType(inner, item));
  return value;
}

function shapedObject(
  types: { readonly [name: string]: CtyType },
  value: ValueObject,
): ValueObject {
  const entries = Object.entries(types);
  return Object.fromEntries(
    entries.map(([name, type]) => [name, shapedType(type, value[name] ?? null)]),
  );
}
