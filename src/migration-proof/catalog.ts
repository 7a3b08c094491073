import { isVersionTable } from '../postgres/version-table.ts';

/** All that makes a database what it is, by kind: as a fingerprint reads it. */
export type Catalog = Readonly<Record<string, readonly unknown[]>>;

/**
 * What became of things that stood there before, each as one line; empty where all is as it was or
 * allows more: a right, a column that no longer asks for a value, a default, a rule that is gone.
 */
export function changes(before: Catalog, after: Catalog): readonly string[] {
  return [...changed(before, after), ...hung(before, after)];
}

function changed(before: Catalog, after: Catalog): readonly string[] {
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

/** What acts on a table that stood there before, and was not there: nobody's code knows of it. */
function hung(before: Catalog, after: Catalog): readonly string[] {
  const stood = new Set((before['tables'] ?? []).map((one) => thing(one)['table']));
  const old = new Set((before['columns'] ?? []).map((one) => columnOf(thing(one))));
  return Object.entries(after).flatMap(([kind, things]) => {
    const known = new Set((before[kind] ?? []).map((one) => nameOf(kind, thing(one))));
    return things
      .map(thing)
      .filter(
        (one) =>
          acting.has(kind) ||
          one['permissive'] === false ||
          restricts(kind, one, (c) => old.has(c)),
      )
      .filter((one) => stood.has(one['table']) && !known.has(nameOf(kind, one)))
      .map((one) => `${kind}: ${nameOf(kind, one)} is new`);
  });
}

/** A rule about a column that stood there before: what is written today may be refused. */
function restricts(kind: string, one: Thing, isOld: (column: string) => boolean): boolean {
  const { table } = one;
  return (
    kind === 'restrictions' &&
    listOf(one['columns']).some((column) => isOld(columnOf({ table, column })))
  );
}

function columnOf({ table, column }: Thing): string {
  return JSON.stringify([table, column]);
}

type Thing = Readonly<Record<string, unknown>>;

function change(kind: string, was: Thing, is: Thing | undefined): readonly string[] {
  const name = nameOf(kind, was);
  if (!is) return loosening.has(kind) ? [] : [`${kind}: ${name} is gone`];
  const keys = Object.keys(was).filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]) && !allowsMore(key, was, is),
  );
  if (keys.length === 0) return [];
  const words = keys.map((key) => `${key} ${word(was[key])} → ${word(is[key])}`);
  return [`${kind}: ${name}: ${words.join(', ')}`];
}

function allowsMore(key: string, was: Thing, is: Thing): boolean {
  const [before, after] = [listOf(was[key]), listOf(is[key])];
  switch (key) {
    case 'required':
      return is[key] === false;
    case 'default':
    case 'ownedBy':
      return was[key] === null;
    case 'labels':
    case 'fields':
      // Those that were there still are, in their order.
      return within(before, after);
    case 'checks':
      return after.every((one) => before.includes(one));
    case 'replica':
      return is[key] !== 'n'; // nothing: updates of a published table fail
    case 'rights':
      return before.every((right) => after.includes(right));
    default:
      return false;
  }
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
  const all = [...identity, ...(more[kind] ?? [])];
  const keys = all.filter((key) => Object.hasOwn(one, key) && typeof one[key] === 'string');
  return keys.map((key) => String(one[key])).join(' ');
}

function isOfBooks(one: Thing): boolean {
  const { table } = one;
  return typeof table === 'string' && isVersionTable(table);
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
  ...['constraints', 'indexes', 'restrictions'],
  ...['views', 'sequences', 'firing', 'kept'],
]);
/** What tells things of a kind apart beside that. */
const more: Readonly<Record<string, readonly string[]>> = {
  ...{ constraints: ['text'], restrictions: ['text'] },
  ...{ indexes: ['text'], triggers: ['text'], defaults: ['kind'] },
};
const acting = new Set(['parents', 'rules', 'triggers']);
const identity = [
  ...['schema', 'table', 'column', 'constraint', 'policy', 'function', 'role', 'name'],
  ...['view', 'sequence', 'trigger', 'setting', 'member'],
];
