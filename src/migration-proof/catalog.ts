/** All that makes a database what it is, by kind: as a fingerprint reads it. */
export type Catalog = Readonly<Record<string, readonly unknown[]>>;

/**
 * What became of things that stood there before, each as one line; empty where all is as it was or
 * allows more: a right, a column that no longer asks for a value, a default, a rule that is gone.
 */
export function changes(before: Catalog, after: Catalog): readonly string[] {
  return Object.entries(before).flatMap(([kind, things]) => {
    if (passing.has(kind)) return [];
    const now = (after[kind] ?? []).map(thing);
    const known = new Set(now.map((one) => JSON.stringify(one)));
    return things
      .map(thing)
      .filter((one) => !known.has(JSON.stringify(one)) && !isOfBooks(one))
      .flatMap((was) =>
        change(
          kind,
          was,
          now.find((one) => nameOf(kind, one) === nameOf(kind, was)),
        ),
      );
  });
}

type Thing = Readonly<Record<string, unknown>>;

function change(kind: string, was: Thing, is: Thing | undefined): readonly string[] {
  const name = nameOf(kind, was);
  if (!is) return loosening.has(kind) ? [] : [`${kind}: ${name} is gone`];
  const changed = Object.keys(was).filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]) && !allowsMore(key, was, is),
  );
  if (changed.length === 0) return [];
  const words = changed.map((key) => `${key} ${word(was[key])} → ${word(is[key])}`);
  return [`${kind}: ${name}: ${words.join(', ')}`];
}

function allowsMore(key: string, was: Thing, is: Thing): boolean {
  if (key === 'required') return is[key] === false;
  if (key === 'default') return was[key] === null;
  // Values that came; those that were there still are, in their order.
  if (key === 'labels') return within(listOf(was[key]), listOf(is[key]));
  if (key !== 'rights') return false;
  const after = listOf(is[key]);
  return listOf(was[key]).every((right) => after.includes(right));
}

function within(some: readonly unknown[], all: readonly unknown[]): boolean {
  const kept = all.filter((one) => some.includes(one));
  return kept.length === some.length && kept.every((one, at) => one === some[at]);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What tells a thing from others of its kind. */
function nameOf(kind: string, one: Thing): string {
  const keys = [...identity, ...(nameless.has(kind) ? ['text'] : [])].filter(
    (key) => key in one && typeof one[key] === 'string',
  );
  return keys.map((key) => String(one[key])).join(' ');
}

function isOfBooks(one: Thing): boolean {
  const { table } = one;
  return typeof table === 'string' && table.endsWith('.alembic_version');
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function thing(value: unknown): Thing {
  return typeof value === 'object' && value !== null ? { ...value } : { value };
}

// Words about things, and hints to the planner: no code depends on them.
const passing = new Set(['versions', 'comments', 'statistics', 'options']);
// An index or a constraint that is gone forbids nothing; a unique one is judged by its text. The
// others go with a thing that is named itself.
const loosening = new Set([
  ...['constraints', 'indexes'],
  ...['views', 'sequences', 'firing', 'kept'],
]);
/** Kinds whose things are known by their text. */
const nameless = new Set(['constraints', 'indexes', 'triggers']);
const identity = [
  ...['schema', 'table', 'column', 'constraint', 'policy', 'function', 'role', 'name'],
  ...['view', 'sequence', 'trigger', 'setting', 'member'],
];
