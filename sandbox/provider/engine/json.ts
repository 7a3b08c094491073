import { jsonName } from './schema.ts';
import type { Attribute, Block, CtyType, Fields } from './schema.ts';
import { isEmpty, isList, isObject, isUnknown } from './value.ts';
import type { Value, ValueObject } from './value.ts';

/** A state as the body of a request: what is set, under its JSON names. */
export function toJson(fields: Fields, state: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => {
      const value = state[name] ?? null;
      const json =
        field.kind === 'attribute' ? attributeJson(field, value) : blockJson(field, value);
      return json === undefined ? [] : [[jsonName(name, field), json]];
    }),
  );
}

function attributeJson(field: Attribute, value: Value): Value | undefined {
  const sent = field.sent ?? field.mode !== 'computed';
  if (!sent || field.local === true || value === null || isUnknown(value)) return undefined;
  if (isEmpty(value) && field.sendEmpty !== true) return undefined;
  // Terraform hands over a number that no double is equal to, such as 0.9, as a text.
  return field.type === 'number' ? Number(value) : value;
}

function blockJson(field: Block, value: Value): Value | undefined {
  if (field.local === true) return undefined;
  const items = isList(value)
    ? value.flatMap((item) => (isObject(item) ? [toJson(field.fields, item)] : []))
    : [];
  const first = items[0];
  if (first === undefined) return field.nullable === true ? null : undefined;
  if (field.max !== 1 || field.array === true) return items;
  return isEmpty(first) && field.sendEmpty !== true && field.nullable !== true ? undefined : first;
}

/** An answer's JSON as a state; what it does not hold is null. */
export function fromJson(fields: Fields, json: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = field.local === true ? null : (json[jsonName(name, field)] ?? null);
      return [
        name,
        field.kind === 'attribute' ? fromType(field.type, value) : blockState(field, value),
      ];
    }),
  );
}

function blockState(field: Block, value: Value): Value {
  if (field.nesting === 'single') return null;
  const items = isList(value) ? value : isObject(value) ? [value] : [];
  return items.flatMap((item) => (isObject(item) ? [fromJson(field.fields, item)] : []));
}

function fromType(type: CtyType, value: Value): Value {
  if (value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'number') return Number(value);
  if (typeof type === 'string') return value;
  const [kind, inner] = type;
  if (kind === 'object') return isObject(value) ? fromObject(inner, value) : null;
  if (kind !== 'map') return (isList(value) ? value : [value]).map((item) => fromType(inner, item));
  if (!isObject(value)) return null;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, item]) => [name, fromType(inner, item)]));
}

function fromObject(types: { readonly [name: string]: CtyType }, value: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(types).map(([name, type]) => [
      name,
      fromType(type, value[jsonName(name, {})] ?? null),
    ]),
  );
}
