/** One line of `pg_restore --list`: a thing that a dump holds. */
export interface Entry {
  readonly id: number;
  /** Its kind, as pg_dump calls it: `TABLE DATA`, `FK CONSTRAINT`, … */
  readonly kind: string;
  /** `-` where it lies in no schema. */
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly line: string;
}

/** Reads `pg_restore --list`. A name's spaces make a line ambiguous; the dump's own schemas decide. */
export function readToc(list: string): readonly Entry[] {
  const found = list.split('\n').flatMap((line) => {
    const [, id, rest = ''] = /^(\d+); \d+ \d+ (.+)$/.exec(line) ?? [];
    const kind = kinds.find((one) => rest.startsWith(`${one} `));
    return id === undefined || kind === undefined
      ? []
      : [{ id: Number(id), kind, rest: rest.slice(kind.length + 1), line }];
  });
  const made = found
    .filter(({ kind }) => kind === 'SCHEMA')
    .map(({ rest }) => cut(rest.slice(2))[0]);
  const schemas = ['-', ...made.toSorted((a, b) => b.length - a.length)];
  return found.map(({ rest, ...entry }) => {
    const schema = schemas.find((one) => rest.startsWith(`${one} `)) ?? rest.split(' ')[0] ?? '-';
    const [name, owner] = cut(rest.slice(schema.length + 1));
    return { ...entry, schema, name, owner };
  });
}

/** Its kind and its name, for people. */
export function entryText({ kind, schema, name }: Entry): string {
  return `${kind.toLowerCase()} ${schema === '-' ? '' : `${schema}.`}${name}`;
}

function cut(text: string): readonly [string, string] {
  const at = text.lastIndexOf(' ');
  return [text.slice(0, at), text.slice(at + 1)];
}

// The longer ones first: `TABLE DATA` begins with `TABLE`.
const kinds = [
  ...['ACCESS METHOD', 'ACL', 'AGGREGATE', 'BLOB COMMENTS', 'BLOB METADATA', 'BLOB', 'BLOBS'],
  ...['CAST', 'CHECK CONSTRAINT', 'COLLATION', 'COMMENT', 'CONSTRAINT', 'CONVERSION'],
  ...['DATABASE PROPERTIES', 'DATABASE', 'DEFAULT ACL', 'DEFAULT', 'DOMAIN', 'EVENT TRIGGER'],
  ...['EXTENSION', 'FK CONSTRAINT', 'FOREIGN DATA WRAPPER', 'FOREIGN TABLE', 'FUNCTION'],
  ...['INDEX ATTACH', 'INDEX', 'MATERIALIZED VIEW DATA', 'MATERIALIZED VIEW', 'OPERATOR CLASS'],
  ...['OPERATOR FAMILY', 'OPERATOR', 'POLICY', 'PROCEDURAL LANGUAGE', 'PROCEDURE'],
  ...['PUBLICATION TABLES IN SCHEMA', 'PUBLICATION TABLE', 'PUBLICATION', 'ROW SECURITY', 'RULE'],
  ...['SCHEMA', 'SECURITY LABEL', 'SEQUENCE OWNED BY', 'SEQUENCE SET', 'SEQUENCE', 'SERVER'],
  ...['SHELL TYPE', 'STATISTICS', 'SUBSCRIPTION TABLE', 'SUBSCRIPTION', 'TABLE ATTACH'],
  ...['TABLE DATA', 'TABLE', 'TEXT SEARCH CONFIGURATION', 'TEXT SEARCH DICTIONARY'],
  ...['TEXT SEARCH PARSER', 'TEXT SEARCH TEMPLATE', 'TRANSFORM', 'TRIGGER', 'TYPE'],
  ...['USER MAPPING', 'VIEW'],
];
