/**
 * One rule of the gate. `query` answers `schema` and `name` of what breaks it among the schemas in
 * $1; `planted` is SQL that breaks it in the schema `windlass_gate`, as the proof that it is awake.
 */
export interface Rule {
  readonly id: string;
  /** An error refuses the deploy, a warning is told. */
  readonly level: 'error' | 'warning';
  readonly query: string;
  readonly planted: string;
  readonly fix: string;
}

const relation = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = any($1)`;
const policy = `pg_policy p join pg_class c on c.oid = p.polrelid
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = any($1)`;
const readable = `(has_any_column_privilege('anon', c.oid, 'select')
  or has_any_column_privilege('authenticated', c.oid, 'select'))`;
const expressions = `concat_ws(' ', pg_get_expr(p.polqual, p.polrelid),
  pg_get_expr(p.polwithcheck, p.polrelid))`;
// A table's owner and roles that pass row security anyway may have a policy that is always true.
const forOthers = `exists (select from unnest(p.polroles) as member(id)
  left join pg_roles r on r.oid = member.id
  where member.id = 0 or (member.id <> c.relowner and not r.rolbypassrls and not r.rolsuper))`;
const sensitive =
  '(^|_)(password|passwd|secret|api_?key|private_?key|access_token|refresh_token|token_hash|' +
  'ssn|social_security|credit_card|card_number|cvv|iban|passport|otp|recovery_code)s?(_|$)';
const always = (expression: string): string =>
  `coalesce(pg_get_expr(${expression}, p.polrelid) ~ '^\\(*(true|(\\S+) = \\2)\\)*$', false)`;

/** The rules of Supabase's linter whose breach lets somebody read or write what is not theirs. */
export const rules: readonly Rule[] = [
  {
    id: 'row-security-off',
    level: 'error',
    query: `select n.nspname as schema, c.relname as name from ${relation}
      where c.relkind in ('r', 'p') and not c.relrowsecurity`,
    planted: 'create table windlass_gate.off (id int)',
    fix: 'alter table … enable row level security, force row level security',
  },
  {
    id: 'row-security-not-forced',
    level: 'error',
    query: `select n.nspname as schema, c.relname as name from ${relation}
      where c.relkind in ('r', 'p') and c.relrowsecurity and not c.relforcerowsecurity`,
    planted: `create table windlass_gate.unforced (id int);
      alter table windlass_gate.unforced enable row level security`,
    fix: 'alter table … force row level security: its owner is not exempt then',
  },
  {
    id: 'policy-without-row-security',
    level: 'error',
    query: `select distinct n.nspname as schema, c.relname as name from ${policy}
      where not c.relrowsecurity`,
    planted: `create table windlass_gate.idle (id int);
      create policy own on windlass_gate.idle using (id = 1)`,
    fix: 'alter table … enable row level security: without it no policy counts',
  },
  {
    id: 'policy-always-true',
    level: 'error',
    query: `select n.nspname as schema, c.relname || '.' || p.polname as name from ${policy}
      where p.polpermissive and ${forOthers}
        and (p.polcmd in ('w', 'd', '*') and ${always('p.polqual')}
          or p.polcmd in ('a', 'w', '*') and ${always('p.polwithcheck')})`,
    planted: `create table windlass_gate.free (id int);
      alter table windlass_gate.free enable row level security;
      create policy anybody on windlass_gate.free for delete using (true)`,
    fix: 'let the policy compare the row with the caller',
  },
  {
    id: 'policy-trusts-user-metadata',
    level: 'error',
    query: `select n.nspname as schema, c.relname || '.' || p.polname as name from ${policy}
      where ${expressions} ~ 'user_meta_?data'`,
    planted: `create table windlass_gate.claimed (id text);
      create policy claim on windlass_gate.claimed using
        (id = current_setting('request.jwt.claims')::jsonb -> 'user_metadata' ->> 'id')`,
    fix: 'use app_metadata or sub: users write their own user_metadata',
  },
  {
    id: 'view-of-its-owner',
    level: 'error',
    query: `select n.nspname as schema, c.relname as name from ${relation}
      where c.relkind = 'v' and ${readable} and not exists (select from unnest(c.reloptions) as o
        where lower(o) in ('security_invoker=true', 'security_invoker=on', 'security_invoker=1'))`,
    planted: `create view windlass_gate.window as select 1 as id;
      grant select on windlass_gate.window to anon`,
    fix: 'alter view … set (security_invoker = true)',
  },
  {
    id: 'materialized-view-exposed',
    level: 'warning',
    query: `select n.nspname as schema, c.relname as name from ${relation}
      where c.relkind in ('m', 'f') and ${readable}`,
    planted: `create materialized view windlass_gate.frozen as select 1 as id;
      grant select on windlass_gate.frozen to authenticated`,
    fix: 'revoke select … from anon, authenticated: no policy holds here',
  },
  {
    id: 'function-of-its-owner',
    level: 'error',
    query: `select n.nspname as schema,
        f.proname || substring(f.oid::regprocedure::text from '\\(.*$') as name
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname = any($1)
      where f.prosecdef and f.prorettype <> 'trigger'::regtype
        and (has_function_privilege('anon', f.oid, 'execute')
          or has_function_privilege('authenticated', f.oid, 'execute'))
        and not exists (select from pg_depend d where d.objid = f.oid and d.deptype = 'e')`,
    planted: `create function windlass_gate.lever() returns int language sql
        security definer as 'select 1';
      grant execute on function windlass_gate.lever() to anon`,
    fix: 'revoke execute … from public, anon, authenticated; or security invoker',
  },
  {
    id: 'auth-users-exposed',
    level: 'error',
    query: `select distinct n.nspname as schema, c.relname as name
      from pg_depend d join pg_rewrite w on w.oid = d.objid join pg_class c on c.oid = w.ev_class
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = any($1)
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
        and d.refobjid = to_regclass('auth.users') and ${readable}`,
    planted: `create view windlass_gate.people as select id from auth.users;
      grant select on windlass_gate.people to anon`,
    fix: 'copy the columns that users may see into a table of your own',
  },
  {
    id: 'sensitive-column-exposed',
    level: 'error',
    query: `select n.nspname as schema, c.relname || '.' || a.attname as name from ${relation}
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attname ~* '${sensitive}'
        and (has_column_privilege('anon', c.oid, a.attnum, 'select')
          or has_column_privilege('authenticated', c.oid, a.attnum, 'select'))`,
    planted: `create table windlass_gate.keys (id int, api_key text);
      grant select on windlass_gate.keys to anon`,
    fix: 'revoke select on the column from anon and authenticated',
  },
];
