import { redacted } from '../../redaction/redacted.ts';
import type { Difference } from './difference.ts';

/** The values in a tree of objects by their dotted path, as text; what is unset is left out. */
export function leavesOf(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value))
    return new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
  const below = Object.entries(value).flatMap(([key, inner]) => [
    ...leavesOf(inner, path === '' ? key : `${path}.${key}`),
  ]);
  return new Map(below);
}

type Changed = Pick<Difference, 'change' | 'before' | 'after'> & { readonly path: string };

/** What differs between two sets of leaves, by path. */
export function changedLeaves(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly Changed[] {
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    return {
      path,
      change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed',
      ...(was !== undefined && { before: redacted(was) }),
      ...(is !== undefined && { after: redacted(is) }),
    } as const;
  });
}
