/** What a user makes beside the services' schemas, as Supabase's own pages advise it. */
export const usersOwn = `
create extension citext with schema extensions;
create extension pg_trgm with schema extensions;
create extension hstore;
create table public.profiles (id uuid primary key references auth.users on delete cascade,
  handle extensions.citext unique, bio text, tags public.hstore);
create index profiles_bio on public.profiles using gin (bio extensions.gin_trgm_ops);
create function public.handle_new_user() returns trigger language plpgsql security definer
  set search_path = '' as $$ begin
    insert into public.profiles (id, handle) values (new.id, new.email); return new;
  end $$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();
create function public.is_admin() returns boolean language sql stable security definer
  set search_path = '' as $$ select exists (select from public.profiles where bio = 'admin') $$;
alter table public.profiles enable row level security;
create policy admins on public.profiles for select using (public.is_admin());
create policy "only admins, really" on journal.entries for select using ((select public.is_admin()));
create type public.mood as enum ('sad', 'größe');
create domain public.positive as int check (value > 0);
create schema etl;
create table etl.loads (n int primary key);
insert into etl.loads values (1), (2);
create schema "My Things";
create table "My Things"."A table" (id int generated always as identity primary key,
  m public.mood, p public.positive, doc json);
insert into "My Things"."A table" (m, p, doc) values ('größe', 3, '{}');
create view public.handles as select handle from public.profiles;
create materialized view public.counts as select count(*) as n from public.profiles;
create publication supabase_realtime for table public.profiles;
create role reporter login;
grant select on public.profiles to reporter;
create view public.hidden as select name from vault.secrets;
create table public.avatars (id int primary key, object uuid references storage.objects);
insert into auth.users (id, email, raw_user_meta_data) values
  ('00000000-0000-0000-0000-000000000001', 'ada@x.test', '{"name": "Ada\\tL.\\n\\\\"}'),
  ('00000000-0000-0000-0000-000000000002', null, jsonb_build_object('n', E'a\u2028b\rc'));
insert into auth.identities (provider_id, user_id, identity_data, provider) values
  ('1', '00000000-0000-0000-0000-000000000001', '{}', 'email');
insert into auth.mfa_factors (user_id, friendly_name, factor_type, status, secret) values
  ('00000000-0000-0000-0000-000000000001', 'my phone', 'totp', 'verified', 'JBSWY3DP');
insert into auth.sessions (user_id) values ('00000000-0000-0000-0000-000000000001');
insert into journal.entries (user_id, body)
  values ('00000000-0000-0000-0000-000000000001', 'one');
`;

/** Schemas of the platform that our stand-in does not make, as a fresh project has them. */
export const platformsOwn = `
create schema storage authorization supabase_admin;
create table storage.objects (id uuid primary key default gen_random_uuid(), name text);
alter table storage.objects enable row level security;
create schema vault authorization supabase_admin;
create table vault.secrets (id uuid primary key default gen_random_uuid(), name text, secret text);
grant usage on schema storage, vault to postgres;
grant all on storage.objects, vault.secrets to postgres;
`;

/** What a user makes with the platform's help. */
export const bySuperuser = `
create policy own on storage.objects using (name = 'x' and public.is_admin());
insert into storage.objects (name) values ('a'), ('b');
insert into vault.secrets (name) values ('s');
create function public.nothing() returns event_trigger language plpgsql as $$ begin end $$;
alter function public.nothing() owner to postgres;
alter role postgres superuser;
set role postgres;
create event trigger watch on sql_drop execute function public.nothing();
reset role;
alter role postgres nosuperuser;
`;
