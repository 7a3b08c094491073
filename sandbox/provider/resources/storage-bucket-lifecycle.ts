import { toJson } from '../engine/json.ts';
import { list, optional, optionalComputed, required, set, type Fields } from '../engine/schema.ts';
import { isList, isObject, type Value, type ValueObject } from '../engine/value.ts';

const action: Fields = { type: required('string'), storage_class: optional('string') };

const condition: Fields = {
  age: optional('number'),
  created_before: optional('string'),
  custom_time_before: optional('string'),
  days_since_custom_time: optional('number'),
  days_since_noncurrent_time: optional('number'),
  matches_prefix: optional(['list', 'string']),
  matches_storage_class: optional(['list', 'string']),
  matches_suffix: optional(['list', 'string']),
  noncurrent_time_before: optional('string'),
  num_newer_versions: optional('number'),
  with_state: optionalComputed('string'),
};

/** What happens to old objects of a bucket. */
export const lifecycleRule = list(
  { max: 100 },
  { action: set({ min: 1, max: 1 }, action), condition: set({ min: 1, max: 1 }, condition) },
);

const states: Readonly<Record<string, boolean>> = { LIVE: true, ARCHIVED: false };

/** Rules as the API writes them: one action and one condition each, `with_state` as a yes or no. */
export function lifecycleOf(rules: Value | undefined): readonly ValueObject[] {
  return (isList(rules) ? rules : []).filter(isObject).map((rule) => {
    const { withState, ...rest } = toJson(condition, only(rule['condition']));
    const isLive = typeof withState === 'string' ? states[withState] : undefined;
    return {
      action: toJson(action, only(rule['action'])),
      condition: isLive === undefined ? rest : { ...rest, isLive },
    };
  });
}

/** The API's rules in the shape of the fields. */
export function rulesOf(rules: Value | undefined): readonly ValueObject[] {
  return (isList(rules) ? rules : []).filter(isObject).map((rule) => {
    const found = isObject(rule['condition']) ? rule['condition'] : {};
    const live = found['isLive'];
    const withState = typeof live === 'boolean' ? (live ? 'LIVE' : 'ARCHIVED') : 'ANY';
    return { action: [rule['action'] ?? null], condition: [{ ...found, withState }] };
  });
}

function only(value: Value | undefined): ValueObject {
  const first = isList(value) ? value[0] : undefined;
  return isObject(first) ? first : {};
}
