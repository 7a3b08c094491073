import type pg from 'pg';
import { withClient } from './connect.ts';
import type { Login } from './connect.ts';
import type { Entry } from './toc.ts';

/** What a project has already of what a dump may bring. */
export interface There {
  readonly schemas: ReadonlySet<string>;
  readonly has: (entry: Entry) => boolean;
}

/** Looks at a project that the platform has made: its schemas, publications, and what hangs on its tables. */
export async function whatIsThere(login: Login): Promise<There> {
  return withClient(login, async (client) => {
    const schemas = await schemasThere(client);
    const others = await names(client, made);
    const has = ({ kind, schema, name }: Entry) => others.has(`${kind} ${schema} ${name}`);
    return { schemas, has };
  });
}

/** The names of its schemas, the platform's too. */
export function schemasThere(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  return names(client, 'select nspname as name from pg_namespace');
}

async function names(client: pg.ClientBase, query: string): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(query);
  return new Set(rows.map(({ name }) => name));
}

const made = `
select 'PUBLICATION - ' || pubname as name from pg_publication
union all
select format('TRIGGER %s %s %s', nspname, relname, tgname) from pg_trigger
  join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
  where not tgisinternal
union all
select format('POLICY %s %s %s', nspname, relname, polname) from pg_policy
  join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = relnamespace`;
