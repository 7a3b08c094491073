import type { Fields } from './schema.ts';
import { isList, isObject, isUnknown, sameValue } from './value.ts';
import type { Value, ValueObject } from './value.ts';

type Step = { readonly attributeName: string } | { readonly elementKeyInt: number };
type Path = { readonly steps: readonly Step[] };

/** Paths of the changed values that the cloud cannot change in place. */
export function replacedPaths(fields: Fields, prior: ValueObject, planned: ValueObject): Path[] {
  return Object.entries(fields).flatMap(([attributeName, field]) => {
    const before = prior[attributeName] ?? null;
    const after = planned[attributeName] ?? null;
    if (sameValue(before, after)) return [];
    if (field.forceNew === true) return [{ steps: [{ attributeName }] }];
    if (field.kind === 'attribute' || field.nesting !== 'list') return [];
    return nestedPaths(field.fields, before, after).map((path) => under({ attributeName }, path));
  });
}

function nestedPaths(fields: Fields, before: Value, after: Value): Path[] {
  if (!isList(before) || !isList(after) || isUnknown(after)) return [];
  return after.flatMap((item, elementKeyInt) => {
    const old = before[elementKeyInt];
    if (!isObject(item) || !isObject(old)) return [];
    return replacedPaths(fields, old, item).map((path) => under({ elementKeyInt }, path));
  });
}

const under = (step: Step, path: Path): Path => ({ steps: [step, ...path.steps] });
