/**
 * The roles and rights of a fresh Supabase project on plain Postgres, written anew after the
 * behaviour of supabase/postgres; every statement may run twice. `postgres` owns the database but
 * is no superuser, as on Supabase.
 */
export const baseRoles = `
do $$
declare wanted record;
begin
  for wanted in select * from (values
    ('postgres', 'login createrole createdb replication bypassrls'),
    ('anon', 'nologin inherit'),
    ('authenticated', 'nologin inherit'),
    ('service_role', 'nologin inherit bypassrls'),
    ('authenticator', 'login noinherit'),
    ('supabase_auth_admin', 'login noinherit createrole')
  ) as role(name, attributes) loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I', wanted.name);
    end if;
    execute format('alter role %I with %s', wanted.name, wanted.attributes);
  end loop;
end $$;

grant anon, authenticated, service_role to authenticator;

grant anon, authenticated, service_role, authenticator to postgres with admin option;

grant set on parameter session_replication_role to postgres;

grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;

alter role anon set statement_timeout = '3s';

alter role authenticated set statement_timeout = '8s';

alter role authenticator set statement_timeout = '8s';

alter role authenticator set lock_timeout = '8s';

alter role supabase_auth_admin set search_path = 'auth';

alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';

alter database postgres owner to postgres;

alter database postgres set search_path = "$user", public, extensions;

grant usage on schema public to postgres, anon, authenticated, service_role;

alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;

alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;

alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

create schema if not exists extensions authorization postgres;

grant usage on schema extensions to anon, authenticated, service_role;

do $$
declare wanted text;
begin
  for wanted in select name from pg_available_extensions
    where name in ('pgcrypto', 'uuid-ossp') loop
    execute format('create extension if not exists %I with schema extensions', wanted);
  end loop;
end $$;
`;
