/** The attributes that a change gives another value, without indexes; unknown ones are left out. */
export function changedPaths(before: unknown, after: unknown, unknown: unknown): readonly string[] {
  return [...new Set(differences({ before, after, unknown }, ''))].toSorted();
}

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
}

function differences({ before, after, unknown }: Sides, path: string): readonly string[] {
  if (unknown === true) return [];
  if (isTree(before) && isTree(after))
    return keysOf(before, after).flatMap((key) =>
      differences(
        { before: at(before, key), after: at(after, key), unknown: at(unknown, key) },
        Array.isArray(after) ? path : `${path}${path && '.'}${key}`,
      ),
    );
  return isNothing(before) && isNothing(after) ? [] : before === after ? [] : [path];
}

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is unset: a block or map is null before and empty after, or the other way round. */
export function isNothing(value: unknown): boolean {
  if (isTree(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '';
}

function keysOf(one: Tree, other: Tree): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])];
}

function at(value: unknown, key: string): unknown {
  return isTree(value) ? value[key] : undefined;
}
