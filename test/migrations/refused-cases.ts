import type { Case } from './cases.ts';

// The name; what it does; what the plan says.
const table = String.raw`
insert … on conflict do update
  insert into app.notes values (1, 'x') on conflict (id) do update set body = 'x'
  overwrites body in rows of app\.notes
a trigger on a table in use
  create trigger t before update on app.notes for each row execute function app.f()
  puts the trigger t on app\.notes
a rule on a table in use
  create rule r as on delete to app.notes do instead nothing
  puts the rule r on app\.notes
create or replace of a function
  create or replace function app.twice(a int) returns int language sql as 'select 1'
  replaces the function app\.twice\(int4\)
create or replace of a view
  create or replace view app.short_notes as select id from app.notes
  replaces app\.short_notes
a deletion inside a with
  with gone as (delete from app.links returning *) select count(*) from gone
  deletes rows of app\.links
an update inside a with of an insert
  with x as (update app.notes set body = 'y' returning id) insert into app.links select id, id from x
  overwrites body
merge with an update
  merge into app.notes n using app.links l on n.id = l.id when matched then update set body = null
  overwrites body in rows of app\.notes
merge with a deletion
  merge into app.notes n using app.links l on n.id = l.id when matched then delete
  deletes rows of app\.notes
a rename of a column
  alter table app.notes rename column body to text
  renames the column body of app\.notes
a rename of a table
  alter table app.notes rename to texts
  renames app\.notes to texts
a move to another schema
  alter table app.notes set schema public
  moves app\.notes to the schema public
another owner
  alter table app.notes owner to postgres
  app\.notes
a rename of an enum value
  alter type app.mood rename value 'good' to 'fine'
  renames the value good of app\.mood
a sequence that starts anew
  alter sequence app.tickets restart with 1
  changes the numbers of app\.tickets
a unique index
  create unique index i on app.notes (body)
  refuses rows of app\.notes.*unique index i
an exclusion
  alter table app.notes add constraint e exclude using btree (body with =)
  refuses rows of app\.notes that were allowed \(e\)
a check that is not valid yet
  alter table app.notes add constraint c check (id > 0) not valid
  refuses rows
a required column
  alter table app.notes add column a text not null
  asks for a of app\.notes
a new column whose check is about an old one
  alter table app.notes add column a int check (id > 0)
  refuses rows
a partition that brings its rows
  alter table app.events attach partition app.old for values from ('2025-01-01') to ('2026-01-01')
  puts the rows of app\.old into app\.events
a partition that is taken out
  alter table app.events detach partition app.events_2026
  detaches the rows of app\.events_2026
drop … cascade
  drop table app.notes cascade
  drops the table app\.notes
two drops in one alter
  alter table app.notes drop body, drop tag
  drops the column body[^]*drops the column tag
two tables in one drop
  drop table app.notes, app.links
  app\.notes[^]*app\.links
a right that is taken away
  revoke select on app.notes from app_service
  revokes privileges on app\.notes
default privileges that are taken away
  alter default privileges in schema app revoke select on tables from app_service
  revokes default privileges
a restrictive policy
  create policy p on app.notes as restrictive using (id > 0)
  hides rows by the policy p of app\.notes
row security that is forced
  alter table app.notes force row level security
  changes who may read or write app\.notes
a server setting
  alter system set work_mem = '1GB'
  settings of the whole server
a table that joins an inheritance
  alter table app.links inherit app.notes
  adds rows
a type that is changed
  alter table app.notes alter column id type bigint
  changes the type of the column id of app\.notes
a default that is taken away
  alter table app.notes alter tag drop default
  drops the default of tag of app\.notes
an identity on a column in use
  alter table app.notes alter id add generated always as identity
  numbers the rows of app\.notes
a quoted name
  alter table app."Notes" drop column "userNote"
  drops the column userNote of app\."Notes"
a name that is not ASCII
  alter table app."Größe" drop "größe"
  drops the column größe of app\."Größe"
a name that is a keyword
  truncate app."order", app."select"
  empties app\.order[^]*empties app\.select
a name without a schema
  delete from notes
  deletes rows of notes
a table that was perhaps there before
  create table if not exists app.notes (id int); truncate app.notes
  empties app\.notes
a name that means another table since
  create table notes (id int); set search_path = app; truncate notes
  empties notes
a temporary name that hides a table
  create temp table notes (id int); drop table notes; truncate notes
  empties notes
half a revision that is committed
  create table app.a (b int); commit; create table app.c (b int)
  commits on the way \(autocommit_block\).*create table app\.a
a publication of all tables
  create publication p for all tables
  lets updates fail
a domain that refuses more
  alter domain app.email add check (value <> $$$$)
  refuses values of app\.email
a truncated table that goes further
  create table app.a (id int); truncate app.a cascade
  empties app\.a
`;

/** What a text gives away: refused as an expand. */
export const refusedCases: readonly Case[] = [
  ...table.matchAll(/^(\S.*)\n {2}(.*)\n {2}(.*)$/gm),
].map(([, name = '', up = '', why = '']) => ({ name, up, refused: new RegExp(why) }));
