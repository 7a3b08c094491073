import type { Attribute, Block, Fields } from './schema.ts';
import { isEmpty, isList, isObject, isUnknown, sameValue, unknown } from './value.ts';
import type { Value, ValueObject } from './value.ts';

type Sides = {
  readonly config: ValueObject;
  readonly prior: ValueObject | null;
  readonly creating: boolean;
};

/** What an object will be: the configuration, and where it is silent the default or what is there. */
export function plannedObject(fields: Fields, sides: Sides): ValueObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const config = sides.config[name] ?? null;
      const prior = sides.prior?.[name] ?? null;
      if (field.kind === 'attribute')
        return [name, plannedAttribute(field, config, { ...sides, value: prior })];
      return [name, plannedBlock(field, config, { prior, creating: sides.creating })];
    }),
  );
}

type Before = { readonly value: Value; readonly creating: boolean };

function plannedAttribute(field: Attribute, config: Value, before: Before): Value {
  if (isUnknown(config)) return config;
  if (config !== null) return keepsPrior(field, config, before) ? before.value : config;
  if (field.mode === 'required') return null;
  const fallback = field.default ?? null;
  if (field.mode === 'optional') {
    if (fallback !== null && (before.creating || !isEmpty(fallback))) return fallback;
    return isEmpty(before.value) ? before.value : fallback;
  }
  if (before.value !== null) return before.value;
  if (fallback !== null) return fallback;
  return before.creating ? unknown : null;
}

function keepsPrior(field: Attribute, config: Value, before: Before): boolean {
  if (before.creating) return false;
  if (isEmpty(config) && isEmpty(before.value)) return true;
  if (typeof config !== 'string' || typeof before.value !== 'string') return false;
  return field.same?.(config, before.value) ?? false;
}

function plannedBlock(
  field: Block,
  config: Value,
  before: { readonly prior: Value; readonly creating: boolean },
): Value {
  if (isUnknown(config) || field.nesting === 'single') return config;
  const items = isList(config) ? config : [];
  const prior = isList(before.prior) ? before.prior : [];
  if (items.length === 0) {
    if (field.computed !== true) return [];
    return before.creating ? unknown : prior;
  }
  return items.map((item, index) => {
    if (!isObject(item)) return item;
    const plan = (old: Value | undefined) =>
      plannedObject(field.fields, {
        config: item,
        prior: isObject(old) ? old : null,
        creating: before.creating,
      });
    if (field.nesting === 'list') return plan(prior[index]);
    return plan(prior.find((old) => sameValue(plan(old), old)));
  });
}
