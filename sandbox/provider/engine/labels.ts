import { computed, optional, type Fields } from './schema.ts';
import { isList, isObject, isUnknown, unknown, type Value, type ValueObject } from './value.ts';

const attribution = { 'goog-terraform-provisioned': 'true' };

/** Labels: those of the configuration, with the provider's own, and all that the cloud has. */
export const labelFields: Fields = {
  labels: optional(['map', 'string'], { local: true }),
  terraform_labels: computed(['map', 'string'], { local: true }),
  effective_labels: computed(['map', 'string'], { json: 'labels', sent: true }),
};

/** Annotations: those of the configuration, and all that the cloud has. */
export const annotationFields: Fields = {
  annotations: optional(['map', 'string'], { local: true }),
  effective_annotations: computed(['map', 'string'], { json: 'annotations', sent: true }),
};

/** What the provider adds to every label set. */
export type LabelDefaults = { readonly labels: ValueObject; readonly attribution: boolean };

/** Works out the computed label and annotation maps of a plan; the attribution label comes at creation only. */
export function withPlannedLabels(
  planned: ValueObject,
  prior: ValueObject | null,
  defaults: LabelDefaults,
): ValueObject {
  return {
    ...planned,
    ...plannedLabels(planned, prior, defaults),
    ...plannedAnnotations(planned, prior),
  };
}

function plannedLabels(
  planned: ValueObject,
  prior: ValueObject | null,
  defaults: LabelDefaults,
): ValueObject {
  if (!('terraform_labels' in planned)) return {};
  const own = planned['labels'];
  if (isUnknown(own) || hasUnknown(own))
    return { terraform_labels: unknown, effective_labels: unknown };
  const before = map(prior?.['terraform_labels']);
  const there = map(prior?.['effective_labels']);
  const attributed =
    defaults.attribution && (prior === null || 'goog-terraform-provisioned' in there);
  const wanted = { ...defaults.labels, ...(attributed ? attribution : {}), ...map(own) };
  const effective = { ...without(there, before), ...wanted };
  return { terraform_labels: wanted, effective_labels: effective };
}

function plannedAnnotations(planned: ValueObject, prior: ValueObject | null): ValueObject {
  if (!('effective_annotations' in planned)) return {};
  const own = planned['annotations'];
  if (isUnknown(own) || hasUnknown(own)) return { effective_annotations: unknown };
  const foreign = without(map(prior?.['effective_annotations']), map(prior?.['annotations']));
  return { effective_annotations: { ...foreign, ...map(own) } };
}

/** Narrows the maps that belong to the configuration to what the cloud still has of them. */
export function withReadLabels(state: ValueObject): ValueObject {
  const metadata = state['metadata'];
  const top = narrowed(state);
  if (!isList(metadata)) return top;
  return { ...top, metadata: metadata.map((item) => (isObject(item) ? narrowed(item) : item)) };
}

function narrowed(state: ValueObject): ValueObject {
  const maps: Record<string, Value> = {};
  for (const [own, all] of [
    ['labels', 'effective_labels'],
    ['terraform_labels', 'effective_labels'],
    ['annotations', 'effective_annotations'],
  ] as const) {
    if (own in state && all in state) maps[own] = only(state[own], map(state[all]));
  }
  // A map that the provider computes is never null, so that the next plan is empty.
  for (const name of ['terraform_labels', 'effective_labels', 'effective_annotations'] as const) {
    if (name in state) maps[name] = map(maps[name] ?? state[name]);
  }
  return { ...state, ...maps };
}

const map = (value: Value | undefined): ValueObject => (isObject(value) ? value : {});

const hasUnknown = (value: Value | undefined) => Object.values(map(value)).some(isUnknown);

const without = (all: ValueObject, names: ValueObject): ValueObject =>
  Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(names, name)));

function only(own: Value | undefined, all: ValueObject): Value {
  if (!isObject(own)) return null;
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(own, name)));
}
