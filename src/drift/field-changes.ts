import { isNothing } from '../../infra/policy/changed-paths.ts';
import { looksSecret } from '../config/looks-secret.ts';

/** One field that has two values. */
export interface FieldChange {
  /** `template.containers.env[LOG_LEVEL].value` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Neither value may be shown. */
  readonly secret: boolean;
}

/** A change as a plan's JSON states it, or a part of it. */
export interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  /** `true`, or a tree in which what is secret is `true`. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** In the same way: what only an apply will tell. */
  readonly after_unknown?: unknown;
}

/** Every field that differs, in the order of its path; what is unset on both sides does not. */
export function fieldChanges(sides: Sides, path = ''): readonly FieldChange[] {
  const { before, after, after_unknown: unknown } = sides;
  if (unknown === true || before === after || (isNothing(before) && isNothing(after))) return [];
  const secret = sides.before_sensitive === true || sides.after_sensitive === true;
  if (secret || !isTreeOrUnset(before) || !isTreeOrUnset(after))
    return [{ path, before, after, secret: secret || looksSecretAt(path, before, after) }];
  return keysOf(before, after).flatMap(({ key, label }) =>
    fieldChanges(below(sides, key), pathOf(path, label)),
  );
}

type Tree = Readonly<Record<string, unknown>> | readonly unknown[];

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function isTreeOrUnset(value: unknown): boolean {
  return isTree(value) || value === null || value === undefined || value === '';
}

/** By what a part is found on both sides, and what it is called. */
interface Key {
  readonly key: string;
  readonly label: string;
}

function keysOf(before: unknown, after: unknown): readonly Key[] {
  const sides = [before, after].filter(isTree);
  if (!sides.some(Array.isArray)) {
    const keys = [...new Set(sides.flatMap((side) => Object.keys(side)))].toSorted();
    return keys.map((key) => ({ key, label: key }));
  }
  const elements = sides.flatMap((side) => Object.values(side));
  const names = elements.flatMap((element) => nameOf(element) ?? []);
  if (names.length === elements.length)
    return [...new Set(names)]
      .toSorted()
      .map((name) => ({ key: `name=${name}`, label: `[${name}]` }));
  const length = Math.max(...sides.map((side) => Object.values(side).length));
  // A block that may stand but once is a list of one.
  return Array.from({ length }, (_, index) => ({
    key: String(index),
    label: length === 1 ? '' : `[${index}]`,
  }));
}

function below(sides: Sides, key: string): Sides {
  const at = placeOf(sides.before, key);
  const now = placeOf(sides.after, key);
  return {
    before: part(sides.before, at),
    after: part(sides.after, now),
    before_sensitive: part(sides.before_sensitive, at),
    after_sensitive: part(sides.after_sensitive, now),
    after_unknown: part(sides.after_unknown, now),
  };
}

/** Where in a tree a key is: the elements of a list may stand in another order on the other side. */
function placeOf(tree: unknown, key: string): string | undefined {
  if (!key.startsWith('name=') || !Array.isArray(tree)) return key;
  const index = tree.findIndex((one) => nameOf(one) === key.slice('name='.length));
  return index === -1 ? undefined : String(index);
}

function part(tree: unknown, key: string | undefined): unknown {
  if (!isTree(tree) || key === undefined) return undefined;
  return Object.entries(tree).find(([one]) => one === key)?.[1];
}

function nameOf(element: unknown): string | undefined {
  const name = isTree(element) ? part(element, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function pathOf(path: string, label: string): string {
  return label === '' || label.startsWith('[') || path === '' ? path + label : `${path}.${label}`;
}

function looksSecretAt(path: string, ...values: readonly unknown[]): boolean {
  const [, label = path.split('.').at(-1) ?? ''] = /\[([^\]]*)\][^[]*$/.exec(path) ?? [];
  // A reference names a secret and its version, which is what there is to tell.
  const name = /secret_key_ref|volumes/.test(path) ? '' : label;
  return values.some((value) => looksSecret(name, typeof value === 'string' ? value : ''));
}
