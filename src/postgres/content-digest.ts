import pg from 'pg';

/** What a table held: rows, and the sum of a 64-bit hash of each, over the named columns. */
export interface TableContent {
  /** Schema and table, each quoted where SQL wants it: `api."userNotes"`. */
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: string;
  readonly sum: string;
}

/** Which tables; `columns` names a table's columns (others of it are not read), else all are read. */
export interface ContentScope {
  readonly schemas: readonly string[];
  readonly columns?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads the content digest of every plain table and partition, in the order of their names. Two
 * tables with the same rows give the same digest, in whatever order the rows lie. Whoever asks must
 * see every row (`row_security = off` turns a hidden row into an error). Open a transaction around
 * it for one snapshot; `columns` that a table lost are left out, tables that are gone too.
 */
export async function readContent(
  client: pg.ClientBase,
  { schemas, columns }: ContentScope,
): Promise<readonly TableContent[]> {
  await client.query(fixedSettings);
  const tables = await client.query<Found>(tablesQuery, [schemas]);
  const contents: TableContent[] = [];
  for (const { name, columns: there } of tables.rows) {
    const wanted = columns === undefined ? there : columns[name];
    if (wanted === undefined) continue;
    const read = wanted.filter((column) => there.includes(column));
    const { rows } = await client.query<{ rows: string; sum: string }>(digest(name, read));
    contents.push({
      table: name,
      columns: read,
      rows: rows[0]?.rows ?? '0',
      sum: rows[0]?.sum ?? '0',
    });
  }
  return contents;
}

interface Found {
  readonly name: string;
  readonly columns: readonly string[];
}

// A value's text must depend on the value alone.
const fixedSettings = `set search_path = ''; set timezone = 'UTC'; set datestyle = 'ISO, YMD';
  set intervalstyle = 'postgres'; set extra_float_digits = 1; set bytea_output = 'hex';
  set lc_monetary = 'C'; set xmlbinary = 'base64'; set row_security = off`;

// `row(…)::text` tells null from the empty text, and takes types that know no equality.
function digest(table: string, columns: readonly string[]): string {
  const row = `row(${columns.map((column) => `t.${pg.escapeIdentifier(column)}`).join(', ')})`;
  return `select count(*) as rows,
    coalesce(sum(hashtextextended(${row}::text collate "C", 0)::numeric), 0) as sum
    from only ${table} as t`;
}

const tablesQuery = `
select format('%I.%I', nspname, relname) as name,
  coalesce((select array_agg(attname::text order by attnum) from pg_attribute
    where attrelid = c.oid and attnum > 0 and not attisdropped), '{}') as columns
from pg_class c join pg_namespace n on n.oid = relnamespace
where nspname = any($1) and relkind = 'r' order by 1`;
