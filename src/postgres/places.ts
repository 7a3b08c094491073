import type pg from 'pg';
import { z } from 'zod';
import type { Lost } from '../migrations/effect.ts';

/** A relation, or one column of it, as the catalog has it. */
export interface Relation {
  readonly oid: string;
  /** With its schema, quoted where SQL wants it. */
  readonly name: string;
  /** pg_class.relkind */
  readonly kind: string;
  readonly column: string | null;
}

/**
 * What a place means: the relation of that name; without a schema every relation of that name, for
 * nobody knows the search path under which the statement would run.
 */
export async function relationsOf(
  client: pg.ClientBase,
  { table, column, kind }: Lost,
): Promise<readonly Relation[]> {
  if (kind !== undefined && kind !== 'sequence' && kind !== 'view') return [];
  const { rows } = await client.query(relationsQuery, [table, column ?? null]);
  return z.array(Row).parse(rows);
}

/** The tables and columns that would go along with it under `cascade`. */
export async function cascadeOf(
  client: pg.ClientBase,
  { table, kind }: Lost,
  own: readonly Relation[],
): Promise<readonly Relation[]> {
  const oids = own.map(({ oid }) => oid);
  const column = own[0]?.column ?? null;
  const bare = table.replace(/\([^()]*\)$/, ''); // a function's arguments
  const { rows } = await client.query(cascadeQuery, [oids, column, kind ?? 'table', bare]);
  return z.array(Row).parse(rows);
}

const Row = z.object({
  oid: z.coerce.string(),
  name: z.string(),
  kind: z.string(),
  column: z.string().nullable(),
});

const relationsQuery = `
select c.oid, format('%I.%I', nspname, relname) as name, relkind as kind, $2::text as column
from pg_class c join pg_namespace n on n.oid = relnamespace, parse_ident($1) as parts
where relname = parts[cardinality(parts)] and nspname !~ '^pg_' and nspname <> 'information_schema'
  and (cardinality(parts) = 1 or nspname = parts[cardinality(parts) - 1])
  and relkind in ('r', 'p', 'f', 'v', 'm', 'S')
  and ($2::text is null or exists (
    select from pg_attribute where attrelid = c.oid and attname = $2 and not attisdropped))
order by 2`;

// As pg_depend tells it: what depends on a thing goes with it, and so does what it is a part of.
const cascadeQuery = `
with recursive named as (select parts[cardinality(parts)] as name,
    case when cardinality(parts) > 1 then parts[cardinality(parts) - 1] end as schema
  from parse_ident($4) as parts),
seeds (class, object, part) as (
  select 'pg_class'::regclass::oid, one, coalesce((select attnum::int from pg_attribute
    where attrelid = one and attname = $2 and not attisdropped), 0)
  from unnest($1::oid[]) as one
  union all select 'pg_type'::regclass, t.oid, 0 from pg_type t, named
    where $3 = 'type' and typname = name and (schema is null or typnamespace::regnamespace::text = quote_ident(schema))
  union all select 'pg_proc'::regclass, p.oid, 0 from pg_proc p, named
    where $3 = 'function' and proname = name and (schema is null or pronamespace::regnamespace::text = quote_ident(schema))
  union all select 'pg_namespace'::regclass, n.oid, 0 from pg_namespace n, named
    where $3 = 'schema' and nspname = name
  union all select 'pg_extension'::regclass, e.oid, 0 from pg_extension e, named
    where $3 = 'extension' and extname = name),
gone (class, object, part) as (
  select * from seeds
  union
  select next.class, next.object, next.part from gone g, lateral (
    select classid, objid, objsubid from pg_depend
    where refclassid = g.class and refobjid = g.object and (g.part = 0 or refobjsubid = g.part)
      and deptype in ('n', 'a', 'i', 'e', 'P', 'S')
    union all
    select refclassid, refobjid, refobjsubid from pg_depend
    where classid = g.class and objid = g.object and objsubid = g.part and deptype = 'i'
  ) as next (class, object, part))
select distinct c.oid, format('%I.%I', nspname, relname) as name, relkind as kind, attname as column
from gone join pg_class c on class = 'pg_class'::regclass and c.oid = object
  join pg_namespace n on n.oid = relnamespace
  left join pg_attribute a on part > 0 and attrelid = c.oid and attnum = part
where relkind in ('r', 'p', 'f') and not (c.oid = any($1) and (part = 0 or attname = $2))
  and (class, object, part) not in (select * from seeds)
order by 2, 4`;
