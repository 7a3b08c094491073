import type { Attribute, Block, Fields } from './schema.ts';
import { isEmpty, isList, isObject, isUnknown, sameValue } from './value.ts';
import type { Value, ValueObject } from './value.ts';

/** What was read, in the words of what was planned or known: an absent value and an empty one are the same. */
export function reconciled(fields: Fields, fresh: ValueObject, known: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const read = fresh[name] ?? null;
      const before = known[name] ?? null;
      if (field.local === true) return [name, isUnknown(before) ? null : before];
      if (field.kind === 'attribute') return [name, reconciledAttribute(field, read, before)];
      return [name, reconciledBlock(field, read, before)];
    }),
  );
}

/** A state without what is still unknown, for an operation that ended early. */
export function withoutUnknown(fields: Fields, state: ValueObject): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = state[name] ?? null;
      if (field.kind === 'attribute') return [name, knownValue(value)];
      if (!isList(value)) return [name, field.nesting === 'single' ? knownValue(value) : []];
      return [
        name,
        value.map((item) => (isObject(item) ? withoutUnknown(field.fields, item) : item)),
      ];
    }),
  );
}

function knownValue(value: Value): Value {
  if (isUnknown(value)) return null;
  if (isList(value)) return value.map(knownValue);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, knownValue(item)]));
}

function reconciledAttribute(field: Attribute, read: Value, before: Value): Value {
  if (isUnknown(before)) return read;
  if (isEmpty(read) && isEmpty(before)) return before;
  const alike =
    typeof read === 'string' && typeof before === 'string' && field.same?.(read, before);
  return alike === true ? before : read;
}

function reconciledBlock(field: Block, read: Value, before: Value): Value {
  const items = isList(read) ? read : [];
  if (!isList(before)) return items;
  if (isHollow(field, items) && isHollow(field, before)) return before;
  if (field.nesting === 'set') {
    return items.map(
      (item) => before.find((old) => sameValue(onto(field.fields, item, old), old)) ?? item,
    );
  }
  return items.map((item, index) => onto(field.fields, item, before[index]));
}

const onto = (fields: Fields, item: Value, old: Value | undefined): Value =>
  isObject(item) && isObject(old) ? reconciled(fields, item, old) : item;

/** Blocks that say nothing; one that is sent although empty, such as `auto {}`, says something. */
function isHollow(field: Block, items: Value): boolean {
  if (!isList(items) || items.length === 0) return true;
  if (field.sendEmpty === true) return false;
  return items.filter(isObject).every((item) =>
    Object.entries(field.fields).every(([name, inner]) => {
      const value = item[name] ?? null;
      return inner.kind === 'attribute' ? isEmpty(value) : isHollow(inner, value);
    }),
  );
}
