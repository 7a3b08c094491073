/** All that makes a database what it is, by kind: as a fingerprint reads it. */
export type Catalog = Readonly<Record<string, readonly unknown[]>>;

/**
 * What became of things that stood there before, each as one line; empty where all is as it was or
 * allows more: a right, a column that no longer asks for a value, a default, a rule that is gone.
 */
export function changes(before: Catalog, after: Catalog): readonly string[] {
  return Object.entries(before).flatMap(([kind, things]) => {
    if (kind === 'versions') return [];
    const now = (after[kind] ?? []).map(thing);
    const known = new Set(now.map((one) => JSON.stringify(one)));
    return things
      .map(thing)
      .filter((one) => !known.has(JSON.stringify(one)) && !isOfBooks(one))
      .flatMap((was) =>
        change(
          kind,
          was,
          now.find((one) => nameOf(one) === nameOf(was)),
        ),
      );
  });
}

type Thing = Readonly<Record<string, unknown>>;

function change(kind: string, was: Thing, is: Thing | undefined): readonly string[] {
  const name = nameOf(was);
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
  if (key !== 'rights') return false;
  const [before, after] = [was[key], is[key]].map((one) => (Array.isArray(one) ? one : []));
  return before?.every((right) => after?.includes(right)) === true;
}

/** What tells a thing from others of its kind. */
function nameOf(one: Thing): string {
  const keys = identity.filter((key) => key in one && typeof one[key] === 'string');
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

// An index or a constraint that is gone forbids nothing; a unique one is judged by its text.
const loosening = new Set(['constraints', 'indexes']);
const identity = [
  ...['schema', 'table', 'column', 'constraint', 'policy', 'function', 'role', 'name'],
  ...['view', 'sequence', 'trigger', 'text', 'setting', 'member'],
];
