import { z } from 'zod';
import { withClient } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';

/** A table or view of an exposed schema. */
export interface Relation {
  readonly schema: string;
  readonly name: string;
  /** A column that may be written; null where there is none. */
  readonly column: string | null;
  /** Whether it has the column that says whose a row is. */
  readonly owned: boolean;
  /** `role verb` for which no policy closes the rows: row security is off, or a policy applies. */
  readonly open: readonly string[];
}

/** A function of an exposed schema that the REST door offers. */
export interface Routine {
  readonly schema: string;
  readonly name: string;
  readonly args: readonly string[];
  /** The roles that may execute it. */
  readonly open: readonly string[];
}

/** Every table, view and function of the schemas but those of extensions, from the catalog. */
export async function exposedObjects(
  login: Login,
  { schemas, own }: { readonly schemas: readonly string[]; readonly own: string },
): Promise<{ readonly relations: readonly Relation[]; readonly routines: readonly Routine[] }> {
  return withClient(login, async (client) => ({
    relations: Relations.parse((await client.query(relationsQuery, [schemas, own])).rows),
    routines: Routines.parse((await client.query(routinesQuery, [schemas])).rows),
  }));
}

const shared = { schema: z.string(), name: z.string(), open: z.array(z.string()) };
const Relations = z.array(
  z.object({ ...shared, column: z.string().nullable(), owned: z.boolean() }),
);
const Routines = z.array(z.object({ ...shared, args: z.array(z.string()) }));

const roles = `(values ('anon'), ('authenticated')) as role(name)`;

const relationsQuery = `
  select n.nspname as schema, c.relname as name,
    (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
      and not a.attisdropped and a.attgenerated = '' and a.attidentity <> 'a'
      order by a.attnum limit 1) as column,
    exists (select from pg_attribute a
      where a.attrelid = c.oid and a.attname = $2 and not a.attisdropped) as owned,
    array(select role.name || ' ' || verb.name from ${roles}, (values
        ('select', 'r'), ('insert', 'a'), ('update', 'w'), ('delete', 'd')) as verb(name, cmd)
      where not c.relrowsecurity or exists (select from pg_policy p, unnest(p.polroles) as m(id)
        where p.polrelid = c.oid and p.polpermissive and p.polcmd in (verb.cmd::"char", '*')
          and (m.id = 0 or pg_has_role(role.name, m.id, 'member')))) as open
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = any($1) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  order by 1, 2`;

const routinesQuery = `
  select n.nspname as schema, f.proname as name,
    coalesce(f.proargnames[1:f.pronargs - f.pronargdefaults], '{}') as args,
    array(select role.name from ${roles}
      where has_function_privilege(role.name, f.oid, 'execute')
        and has_schema_privilege(role.name, n.oid, 'usage')) as open
  from pg_proc f join pg_namespace n on n.oid = f.pronamespace
  where n.nspname = any($1) and f.prokind = 'f' and f.prorettype not in
      ('trigger'::regtype, 'event_trigger'::regtype)
    and not exists (select from pg_depend d where d.objid = f.oid and d.deptype = 'e')
  order by 1, 2`;
