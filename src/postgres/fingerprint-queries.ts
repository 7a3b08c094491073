/** One query per kind of thing; `$1` is the list of services, rows come in a fixed order. */
export const fingerprintQueries = {
  roles: `
    select rolname as role, rolcanlogin as login, rolinherit as inherit, rolsuper as super,
      rolbypassrls as bypass, rolcreaterole as creates_roles, rolcreatedb as creates_databases
    from pg_roles, unnest($1::text[]) as service
    where rolname in (service || '_owner', service || '_service') order by 1`,
  settings: `
    select rolname as role, setting
    from pg_db_role_setting join pg_roles r on r.oid = setrole, unnest(setconfig) as setting
    where setdatabase = 0 and rolname in (
      select service || ending from unnest($1::text[]) as service,
        unnest(array['_owner', '_service']) as ending) order by 1, 2`,
  memberships: `
    select of.rolname as role, member.rolname as member, inherit_option, set_option
    from pg_auth_members join pg_roles of on of.oid = roleid
      join pg_roles member on member.oid = pg_auth_members.member
    where of.rolname in (
      select service || ending from unnest($1::text[]) as service,
        unnest(array['_owner', '_service']) as ending)
      -- A second login comes and goes with the rotation of passwords.
      and member.rolname not like '%\\_service\\_2'
      -- Dumps from before it was there still count as equal.
      and member.rolname not in ('windlass_migrator', 'windlass_admin')
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  schemas: `
    select nspname as schema, nspowner::regrole::text as owner, ${sorted('nspacl')} as rights
    from pg_namespace where nspname = any($1) order by 1`,
  defaults: `
    select defaclrole::regrole::text as role, nspname as schema, defaclobjtype as kind,
      ${sorted('defaclacl')} as rights
    from pg_default_acl left join pg_namespace n on n.oid = defaclnamespace
    where defaclrole::regrole::text in (
      select quote_ident(service || '_owner') from unnest($1::text[]) as service) order by 1, 2, 3`,
  tables: `
    select c.oid::regclass::text as table, relkind as kind, relowner::regrole::text as owner,
      relrowsecurity as rls, relforcerowsecurity as forced, ${sorted('relacl')} as rights
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('r', 'v', 'm', 'p', 'S') order by 1`,
  columns: `
    select c.oid::regclass::text as table, attname as column,
      format_type(atttypid, atttypmod) as type, attnotnull as required,
      pg_get_expr(adbin, adrelid) as default, ${sorted('attacl')} as rights
    from pg_attribute join pg_class c on c.oid = attrelid
      join pg_namespace n on n.oid = relnamespace
      left join pg_attrdef d on d.adrelid = attrelid and d.adnum = attnum
    where nspname = any($1) and relkind in ('r', 'v', 'm', 'p') and attnum > 0 and not attisdropped
    order by 1, 2`,
  constraints: `
    select conrelid::regclass::text as table, conname as constraint,
      pg_get_constraintdef(c.oid) as text
    from pg_constraint c join pg_namespace n on n.oid = connamespace
    where nspname = any($1) and conrelid <> 0 order by 1, 2`,
  indexes: `
    select indrelid::regclass::text as table, pg_get_indexdef(indexrelid) as text,
      indisvalid as valid
    from pg_index join pg_class c on c.oid = indrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) order by 1, 2`,
  policies: `
    select polrelid::regclass::text as table, polname as policy, polcmd as command,
      polpermissive as permissive, pg_get_expr(polqual, polrelid) as visible,
      pg_get_expr(polwithcheck, polrelid) as writable,
      (select array_agg(one::regrole::text order by 1) from unnest(polroles) as one) as roles
    from pg_policy join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) order by 1, 2`,
  functions: `
    select p.oid::regprocedure::text as function, prosecdef as definer,
      md5(pg_get_functiondef(p.oid)) as body, ${sorted('proacl')} as rights
    from pg_proc p join pg_namespace n on n.oid = pronamespace
    where nspname = any($1) and prokind in ('f', 'p') order by 1`,
  triggers: `
    select tgrelid::regclass::text as table, pg_get_triggerdef(t.oid) as text
    from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and not tgisinternal order by 1, 2`,
} as const;

/** Rights are kept in the order in which they were granted, which means nothing. */
export function sorted(acl: string): string {
  return `(select array_agg(one::text order by one::text) from unnest(${acl}) as one)`;
}
