/**
 * A migration as a row of the table. `app` stands for the service's schema; `base` of the table's
 * test is there before. `faults` is what the plan says of it as an `expand`.
 */
export interface Case {
  readonly name: string;
  readonly up: string;
  readonly down?: string;
  /** Refused as an expand with these words; absent = not refused. */
  readonly refused?: RegExp;
  /** The text does not tell all: the copy decides. */
  readonly byEffect?: true;
  /** What users write after it has gone up. Present = the case is carried out. */
  readonly rows?: string;
  /** The schema stays at a rollback, with these words; absent = it goes down and equals before. */
  readonly stays?: RegExp;
}

/** What stands before each case, with rows in it. */
export const base = `
create type app.mood as enum ('good', 'bad');
create table app.notes (id int primary key, body text not null, tag text default 'none');
insert into app.notes values (1, 'one'), (2, 'two');
create table app.links (id int primary key, note int references app.notes (id));
insert into app.links values (1, 1);
create table app.events (day date not null, what text) partition by range (day);
create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01');
insert into app.events values ('2026-05-05', 'birthday');
create sequence app.tickets;
create view app.short_notes as select id, body from app.notes;
create function app.twice(a int) returns int language sql immutable as 'select a * 2'`;

const noteDown = 'alter table app.notes drop column note';
const added = (type: string): string => `alter table app.notes add column note ${type}`;

/** What a text gives away: refused as an expand. */
const refused: readonly Case[] = [
  [
    'insert … on conflict do update',
    `insert into app.notes values (1, 'x') on conflict (id) do update set body = 'x'`,
    /overwrites body in rows of app\.notes/,
  ],
  [
    'a trigger on a table in use',
    'create trigger t before update on app.notes for each row execute function app.f()',
    /puts the trigger t on app\.notes/,
  ],
  [
    'a rule on a table in use',
    'create rule r as on delete to app.notes do instead nothing',
    /puts the rule r on app\.notes/,
  ],
  [
    'create or replace of a function',
    `create or replace function app.twice(a int) returns int language sql as 'select 1'`,
    /replaces the function app\.twice\(int4\)/,
  ],
  [
    'create or replace of a view',
    'create or replace view app.short_notes as select id from app.notes',
    /replaces app\.short_notes/,
  ],
  [
    'a deletion inside a with',
    'with gone as (delete from app.links returning *) select count(*) from gone',
    /deletes rows of app\.links/,
  ],
  [
    'an update inside a with of an insert',
    `with x as (update app.notes set body = 'y' returning id) insert into app.links select id, id from x`,
    /overwrites body/,
  ],
  [
    'merge with an update',
    'merge into app.notes n using app.links l on n.id = l.id when matched then update set body = null',
    /overwrites body in rows of app\.notes/,
  ],
  [
    'merge with a deletion',
    'merge into app.notes n using app.links l on n.id = l.id when matched then delete',
    /deletes rows of app\.notes/,
  ],
  [
    'a rename of a column',
    'alter table app.notes rename column body to text',
    /renames the column body of app\.notes/,
  ],
  ['a rename of a table', 'alter table app.notes rename to texts', /renames app\.notes to texts/],
  [
    'a move to another schema',
    'alter table app.notes set schema public',
    /moves app\.notes to the schema public/,
  ],
  ['another owner', 'alter table app.notes owner to postgres', /app\.notes/],
  [
    'a rename of an enum value',
    `alter type app.mood rename value 'good' to 'fine'`,
    /renames the value good of app\.mood/,
  ],
  [
    'a sequence that starts anew',
    'alter sequence app.tickets restart with 1',
    /changes the numbers of app\.tickets/,
  ],
  [
    'a unique index',
    'create unique index i on app.notes (body)',
    /refuses rows of app\.notes.*unique index i/,
  ],
  [
    'an exclusion',
    'alter table app.notes add constraint e exclude using btree (body with =)',
    /refuses rows of app\.notes that were allowed \(e\)/,
  ],
  [
    'a check that is not valid yet',
    'alter table app.notes add constraint c check (id > 0) not valid',
    /refuses rows/,
  ],
  [
    'a required column',
    'alter table app.notes add column a text not null',
    /asks for a of app\.notes/,
  ],
  [
    'a new column whose check is about an old one',
    'alter table app.notes add column a int check (id > 0)',
    /refuses rows/,
  ],
  [
    'a partition that brings its rows',
    `alter table app.events attach partition app.old for values from ('2025-01-01') to ('2026-01-01')`,
    /puts the rows of app\.old into app\.events/,
  ],
  [
    'a partition that is taken out',
    'alter table app.events detach partition app.events_2026',
    /takes the rows of app\.events_2026 out/,
  ],
  ['drop … cascade', 'drop table app.notes cascade', /drops the table app\.notes/],
  [
    'two drops in one alter',
    'alter table app.notes drop body, drop tag',
    /drops the column body[^]*drops the column tag/,
  ],
  ['two tables in one drop', 'drop table app.notes, app.links', /app\.notes[^]*app\.links/],
  [
    'a right that is taken away',
    'revoke select on app.notes from app_service',
    /takes rights on app\.notes away/,
  ],
  [
    'default privileges that are taken away',
    'alter default privileges in schema app revoke select on tables from app_service',
    /takes rights/,
  ],
  [
    'a restrictive policy',
    'create policy p on app.notes as restrictive using (id > 0)',
    /hides rows by the policy p of app\.notes/,
  ],
  [
    'row security that is forced',
    'alter table app.notes force row level security',
    /changes who may read or write app\.notes/,
  ],
  ['a server setting', `alter system set work_mem = '1GB'`, /settings of the whole server/],
  ['a table that joins an inheritance', 'alter table app.links inherit app.notes', /adds rows/],
  [
    'a type that is changed',
    'alter table app.notes alter column id type bigint',
    /changes the type of the column id of app\.notes/,
  ],
  [
    'a default that is taken away',
    'alter table app.notes alter tag drop default',
    /takes the default of tag of app\.notes away/,
  ],
  [
    'an identity on a column in use',
    'alter table app.notes alter id add generated always as identity',
    /numbers the rows of app\.notes/,
  ],
  [
    'a quoted name',
    'alter table app."Notes" drop column "userNote"',
    /drops the column userNote of app\."Notes"/,
  ],
  [
    'a name that is not ASCII',
    'alter table app."Größe" drop "größe"',
    /drops the column größe of app\."Größe"/,
  ],
  [
    'a name that is a keyword',
    'truncate app."order", app."select"',
    /empties app\.order[^]*empties app\.select/,
  ],
  ['a name without a schema', 'delete from notes', /deletes rows of notes/],
  [
    'a table that was perhaps there before',
    'create table if not exists app.notes (id int); truncate app.notes',
    /empties app\.notes/,
  ],
  [
    'a name that means another table since',
    'create table notes (id int); set search_path = app; truncate notes',
    /empties notes/,
  ],
  [
    'a temporary name that hides a table',
    'create temp table notes (id int); drop table notes; truncate notes',
    /empties notes/,
  ],
  [
    'half a revision that is committed',
    'create table app.a (b int); commit; create table app.c (b int)',
    /commits on the way \(autocommit_block\).*create table app\.a/,
  ],
  ['a publication of all tables', 'create publication p for all tables', /lets updates fail/],
  [
    'a domain that refuses more',
    'alter domain app.email add check (value <> $$$$)',
    /refuses values of app\.email/,
  ],
  [
    'a truncated table that goes further',
    'create table app.a (id int); truncate app.a cascade',
    /empties app\.a/,
  ],
].map(([name, up, why]) => ({
  name: String(name),
  up: String(up),
  refused: why instanceof RegExp ? why : /^$/,
}));

/** What the grammar does not see into, or reads as harmless. */
const read: readonly Case[] = [
  { name: 'do', up: `do $$ begin execute 'truncate app.notes'; end $$`, byEffect: true },
  { name: 'call', up: 'call app.clean()', byEffect: true },
  { name: 'a function of somebody', up: 'select app.clean(id) from app.notes', byEffect: true },
  {
    name: 'a function in a default',
    up: 'alter table app.notes add a int default app.clean()',
    byEffect: true,
  },
  { name: 'setval', up: `select setval('app.tickets', 1)`, byEffect: true },
  { name: 'copy from a program', up: `copy app.notes from program 'ls'`, byEffect: true },
  {
    name: 'SQL of a newer server',
    up: 'alter table app.notes alter constraint c not enforced maybe',
    byEffect: true,
  },
  {
    name: 'a setting that switches triggers off',
    up: 'set session_replication_role = replica; insert into app.notes values (3)',
    byEffect: true,
  },
  {
    name: 'comments, grants, analyze',
    up: `comment on table app.notes is 'drop table app.notes'; grant select on app.notes to app_service`,
  },
  {
    name: 'rows from a select',
    up: 'insert into app.links select id, id from app.notes on conflict do nothing',
  },
  {
    name: 'a security definer that is new',
    up: `create function app.n() returns int security definer language sql as 'select 1'`,
  },
  {
    name: 'a lock and a refresh',
    up: 'lock table app.notes in share mode; refresh materialized view app.m',
  },
  {
    name: 'validation and statistics',
    up: 'alter table app.notes validate constraint c; alter table app.notes alter body set statistics 500',
  },
  {
    name: 'a policy that comes and goes on a new table',
    up: 'create table app.z (i int); create policy p on app.z using (true); drop policy p on app.z',
  },
  {
    name: 'create table as',
    up: 'create table app.copy as select * from app.notes; delete from app.copy',
  },
  {
    name: 'an index that can be built again',
    up: 'drop index concurrently if exists app.i; create index concurrently i on app.notes (body)',
  },
];

/** Carried out: up, rows of users, rollback. */
const carriedOut: readonly Case[] = [
  {
    name: 'a column that nobody wrote to',
    up: added('text'),
    down: noteDown,
    rows: `insert into app.notes values (9, 'x')`,
  },
  {
    name: 'a column with a default that nobody changed',
    up: added(`int not null default 7`),
    down: noteDown,
    rows: `insert into app.notes values (9, 'x')`,
  },
  {
    name: 'a column that somebody wrote to',
    up: added('text'),
    down: noteDown,
    rows: `update app.notes set note = 'mine' where id = 1`,
    stays: /app\.notes\.note holds what was written since/,
  },
  {
    name: 'a column whose name needs quotes',
    up: 'alter table app.notes add "userNote" text',
    down: 'alter table app.notes drop "userNote"',
    rows: `update app.notes set "userNote" = 'mine'`,
    stays: /app\.notes\.userNote holds/,
  },
  {
    name: 'a column whose name is not ASCII',
    up: 'alter table app.notes add größe int',
    down: 'alter table app.notes drop größe',
    rows: 'update app.notes set größe = 3',
    stays: /größe holds/,
  },
  {
    name: 'the second column of one alter',
    up: 'alter table app.notes add a int, add b int',
    down: 'alter table app.notes drop a, drop b',
    rows: 'update app.notes set b = 3',
    stays: /app\.notes\.b holds/,
  },
  {
    name: 'the second table of one drop',
    up: 'create table app.a (i int); create table app.b (i int)',
    down: 'drop table app.a, app.b',
    rows: 'insert into app.b values (1)',
    stays: /app\.b holds/,
  },
  {
    name: 'two tables that stayed empty',
    up: 'create table app.a (i int); create table app.b (i int)',
    down: 'drop table app.a, app.b',
    rows: 'select 1',
  },
  {
    name: 'a json column with a default, untouched',
    up: added(`json not null default '{"a": 1}'`),
    down: noteDown,
    rows: `insert into app.notes values (9, 'x')`,
  },
  {
    name: 'a json column with a default, written',
    up: added(`json default '{}'`),
    down: noteDown,
    rows: `update app.notes set note = '{"b": 2}' where id = 2`,
    stays: /note holds/,
  },
  {
    name: 'types that know no equality',
    up: 'alter table app.notes add p point default point(1,2), add x xml, add j json',
    down: 'alter table app.notes drop p, drop x, drop j',
    rows: `update app.notes set x = '<a/>'`,
    stays: /holds/,
  },
  {
    name: 'a generated column',
    up: added('int generated always as (id * 2) stored'),
    down: noteDown,
    rows: `insert into app.notes values (9, 'x')`,
  },
  {
    name: 'an identity column',
    up: added('int generated by default as identity'),
    down: noteDown,
    rows: 'update app.notes set note = 77 where id = 1',
    stays: /note holds/,
  },
  {
    name: 'a default that is another each time',
    up: added('uuid default gen_random_uuid()'),
    down: noteDown,
    rows: 'select 1',
    stays: /note holds/,
  },
  {
    name: 'a default out of a sequence',
    up: added('serial'),
    down: noteDown,
    rows: 'select 1',
    stays: /note holds/,
  },
  {
    name: 'a numeric default',
    up: added('numeric(10,2) default 1'),
    down: noteDown,
    rows: `insert into app.notes values (9, 'x')`,
  },
  {
    name: 'a null over a default',
    up: added('text default $$a$$'),
    down: noteDown,
    rows: 'update app.notes set note = null where id = 1',
    stays: /note holds/,
  },
  {
    name: 'an enum column, in use',
    up: `create type app.kind as enum ('a', 'b'); ${added('app.kind')}`,
    down: `${noteDown}; drop type app.kind`,
    rows: `update app.notes set note = 'b'`,
    stays: /note holds/,
  },
  {
    name: 'an enum column, unused',
    up: `create type app.kind as enum ('a', 'b'); ${added(`app.kind default 'a'`)}`,
    down: `${noteDown}; drop type app.kind`,
    rows: 'select 1',
  },
  {
    name: 'a type that goes by cascade with the columns of others',
    up: `create type app.kind as enum ('a'); ${added('app.kind')}`,
    down: 'drop type app.kind cascade',
    rows: `update app.notes set note = 'a'`,
    stays: /app\.notes\.note holds/,
  },
  {
    name: 'a domain',
    up: `create domain app.email as text check (value like '%@%'); ${added('app.email')}`,
    down: `${noteDown}; drop domain app.email`,
    rows: `update app.notes set note = 'a@b'`,
    stays: /note holds/,
  },
  {
    name: 'a new partition',
    up: `create table app.events_2027 partition of app.events for values from ('2027-01-01') to ('2028-01-01')`,
    down: 'drop table app.events_2027',
    rows: `insert into app.events values ('2027-02-02', 'x')`,
    stays: /app\.events_2027 holds/,
  },
  {
    name: 'a partition without rows',
    up: `create table app.events_2027 partition of app.events for values from ('2027-01-01') to ('2028-01-01')`,
    down: 'drop table app.events_2027',
    rows: 'select 1',
  },
  {
    name: 'a view, a function, a policy, a grant',
    up: `create view app.v as select 1 as one; create function app.f() returns int language sql as 'select 1'; create table app.t (i int); create policy p on app.t using (true)`,
    down: 'drop policy p on app.t; drop table app.t; drop function app.f(); drop view app.v',
    rows: 'select 1',
  },
  {
    name: 'a materialized view',
    up: 'create materialized view app.m as select * from app.notes',
    down: 'drop materialized view app.m',
    rows: 'refresh materialized view app.m',
  },
  {
    name: 'a sequence that was used',
    up: 'create sequence app.numbers',
    down: 'drop sequence app.numbers',
    rows: `select nextval('app.numbers')`,
    stays: /app\.numbers holds/,
  },
  {
    name: 'a sequence that was not',
    up: 'create sequence app.numbers',
    down: 'drop sequence app.numbers',
    rows: 'select 1',
  },
  {
    name: 'nulls that the downgrade refuses',
    up: 'alter table app.notes alter body drop not null',
    down: 'alter table app.notes alter body set not null',
    rows: 'insert into app.notes values (9, null)',
    stays: /contains null values/,
  },
  {
    name: 'a downgrade that drops what was there before',
    up: added('int'),
    down: `${noteDown}; alter table app.notes drop tag`,
    rows: 'select 1',
    stays: /tag of app\.notes, which the upgrade did not make/,
  },
  {
    name: 'a downgrade that overwrites',
    up: added('int'),
    down: `update app.notes set body = 'old'; ${noteDown}`,
    rows: 'select 1',
    stays: /overwrites body/,
  },
  {
    name: 'a downgrade that nobody can read',
    up: added('int'),
    down: 'do $x$ begin end $x$',
    rows: 'select 1',
    stays: /cannot be judged by its text \(do\)/,
  },
  {
    name: 'a table that goes with what others hang on it',
    up: 'create table app.a (i int primary key); alter table app.links add mine app.a',
    down: 'drop table app.a cascade; alter table app.links drop if exists mine',
    rows: 'update app.links set mine = row(5)',
    stays: /app\.links\.mine holds/,
  },
  {
    name: 'keywords as names',
    up: 'create table app."order" ("select" int, "Desc" text)',
    down: 'drop table app."order"',
    rows: 'insert into app."order" values (1)',
    stays: /app\."order" holds/,
  },
  {
    name: 'an index',
    up: 'create index i on app.notes (tag)',
    down: 'drop index app.i',
    rows: 'select 1',
  },
  {
    name: 'rows that the revision itself put in',
    up: `insert into app.notes values (5, 'seed')`,
    down: 'delete from app.notes where id = 5',
    rows: 'select 1',
    stays: /deletes rows of app\.notes/,
  },
];

export const cases: readonly Case[] = [...refused, ...read, ...carriedOut];
