import { Fields } from '../fields.ts';

/** A JSON merge patch (RFC 7396): objects are merged, null removes, the rest replaces. */
export function mergePatch(current: Fields, changes: Fields): Fields {
  const next = { ...current };
  for (const [key, value] of Object.entries(changes)) {
    const inner = Fields.safeParse(value);
    const before = Fields.safeParse(current[key]);
    if (value === null) delete next[key];
    else if (inner.success) next[key] = mergePatch(before.success ? before.data : {}, inner.data);
    else next[key] = value;
  }
  return next;
}
