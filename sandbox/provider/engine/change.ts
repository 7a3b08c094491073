import type { Configuration } from './configuration.ts';
import { withPlannedLabels } from './labels.ts';
import { plannedObject } from './plan.ts';
import { replacedPaths } from './replace.ts';
import type { Resource } from './resource.ts';
import type { Fields } from './schema.ts';
import { isList, isObject, isUnknown, sameValue } from './value.ts';
import type { Value, ValueObject } from './value.ts';

/** What a change would make of a resource, and which changes need a new one. */
export function plannedChange(
  resource: Resource,
  configuration: Configuration | null,
  config: ValueObject,
  prior: ValueObject | null,
) {
  const creating = prior === null;
  const bare = plannedObject(resource.fields, { config, prior, creating });
  const planned = labelled(withDefaults(bare, configuration), prior, configuration);
  if (prior === null) return { planned, requiresReplace: [] };
  // Timeouts alone are no change, as in the real provider.
  if (sameValue({ ...planned, timeouts: null }, { ...prior, timeouts: null })) {
    return { planned: prior, requiresReplace: [] };
  }
  return { planned, requiresReplace: replacedPaths(resource.fields, prior, planned) };
}

/**
 * Tells whether Terraform may check a type strictly. Defaults of optional attributes, blocks that
 * keep what is there, names that come back as paths, and timeouts only exist in the older rules that
 * the real provider declares.
 */
export function isStrict(resource: Resource): boolean {
  return resource.update === undefined && !hasOldShape(resource.fields);
}

function hasOldShape(fields: Fields): boolean {
  return Object.values(fields).some((field) => {
    if (field.kind === 'attribute')
      return field.same !== undefined || (field.mode === 'optional' && field.default !== undefined);
    return field.nesting === 'single' || field.computed === true || hasOldShape(field.fields);
  });
}

function withDefaults(planned: ValueObject, configuration: Configuration | null): ValueObject {
  const { project, region, deletionPolicy } = configuration ?? {};
  return {
    ...planned,
    ...instead(planned, 'project', project),
    ...instead(planned, 'location', region),
    ...(planned['deletion_policy'] === 'DELETE' && deletionPolicy !== undefined
      ? { deletion_policy: deletionPolicy }
      : {}),
  };
}

function instead(
  planned: ValueObject,
  name: string,
  fallback: string | null | undefined,
): ValueObject {
  if (!isUnknown(planned[name]) || typeof fallback !== 'string') return {};
  return { [name]: fallback };
}

function labelled(
  planned: ValueObject,
  prior: ValueObject | null,
  configuration: Configuration | null,
): ValueObject {
  const defaults = configuration?.labels ?? { labels: {}, attribution: true };
  const top = withPlannedLabels(planned, prior, defaults);
  const metadata = planned['metadata'];
  if (!isList(metadata)) return top;
  const before = first(prior?.['metadata']);
  const inner = metadata.map((item) =>
    isObject(item) ? withPlannedLabels(item, before, defaults) : item,
  );
  return { ...top, metadata: inner };
}

function first(value: Value | undefined): ValueObject | null {
  const item = isList(value) ? value[0] : undefined;
  return isObject(item) ? item : null;
}
