import type { Node, RangeVar, TypeName } from 'libpg-query';

/** A name as SQL writes it: quoted where it needs quotes. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, or `name` where the statement leaves the schema to the search path. */
export function relationName(relation: RangeVar | undefined): string {
  const { schemaname, relname = '' } = relation ?? {};
  return [...(schemaname === undefined ? [] : [schemaname]), relname].map(quoted).join('.');
}

/** A qualified name out of the grammar's list of its parts. */
export function listName(parts: readonly Node[] | undefined): string {
  return (parts ?? []).map((part) => quoted(textOf(part))).join('.');
}

/** The name of what a statement drops, renames or moves, whatever form the grammar gives it. */
export function objectName(object: Node | undefined): string {
  if (object === undefined) return '';
  if ('List' in object) return listName(object.List.items);
  if ('String' in object) return quoted(textOf(object));
  if ('TypeName' in object) return listName(object.TypeName.names);
  if ('RangeVar' in object) return relationName(object.RangeVar);
  if (!('ObjectWithArgs' in object)) return '?';
  const { objname, objargs = [], args_unspecified: any } = object.ObjectWithArgs;
  return any === true
    ? listName(objname)
    : `${listName(objname)}(${objargs.map(typeOf).join(',')})`;
}

/** The bare type of an argument: `int4`. */
export function typeOf(node: Node | undefined): string {
  return node && 'TypeName' in node ? typeText(node.TypeName) : '?';
}

export function typeText({ names = [], arrayBounds = [] }: TypeName): string {
  const last = names.at(-1);
  return `${last ? textOf(last) : '?'}${arrayBounds.map(() => '[]').join('')}`;
}

export function textOf(node: Node): string {
  return 'String' in node ? (node.String.sval ?? '') : '';
}
