import type { Case } from './cases.ts';

/**
 * What the published Alembic histories of five projects do again and again, in our own words and
 * on the table's own base: a package index, an annotation service, a workflow scheduler, a
 * dashboard, a query editor.
 */
export const published: readonly Case[] = [
  {
    name: 'package index: a name is normalised by a function and a unique index over it',
    up: `create function app.normalized(text) returns text language sql immutable as $$select lower($1)$$; create unique index names on app.notes (app.normalized(body))`,
    refused: /refuses rows of app\.notes.*unique index names/,
  },
  {
    name: 'package index: a trigger keeps a counter in another table',
    up: `create table app.counts (name text primary key, n bigint); create function app.count_up() returns trigger language plpgsql as $$begin return new; end$$; create trigger counting after insert on app.notes for each row execute function app.count_up()`,
    refused: /puts the trigger counting on app\.notes/,
  },
  {
    name: 'package index: a value joins an enum outside of the transaction',
    up: `commit; alter type app.mood add value if not exists 'great'; begin`,
    down: 'select 1',
  },
  {
    name: 'package index: a flag that is false until somebody sets it',
    up: `alter table app.notes add column is_frozen boolean default false not null`,
    down: 'alter table app.notes drop column is_frozen',
    rows: 'update app.notes set is_frozen = true where id = 2',
    stays: /app\.notes\.is_frozen holds/,
  },
  {
    name: 'annotation service: an index of an array, built while people write',
    up: 'drop index concurrently if exists app.tagged; create index concurrently tagged on app.notes using gin (to_tsvector($$simple$$, body))',
    down: 'drop index concurrently if exists app.tagged',
  },
  {
    name: 'annotation service: rows of one table are copied into a new one',
    up: `create table app.groups (id serial primary key, name text unique); insert into app.groups (name) select distinct body from app.notes`,
    down: 'drop table app.groups',
    rows: 'select 1',
    stays: /app\.groups holds/,
  },
  {
    name: 'annotation service: duplicates go before a constraint comes',
    up: `delete from app.links a using app.links b where a.id > b.id and a.note = b.note; alter table app.links add constraint once unique (note)`,
    refused: /deletes rows of app\.links[^]*refuses rows of app\.links that were allowed \(once\)/,
  },
  {
    name: 'workflow scheduler: a key grows by a column',
    up: 'alter table app.links drop constraint links_pkey; alter table app.links add constraint links_pkey primary key (id, note)',
    refused: /refuses rows of app\.links/,
  },
  {
    name: 'workflow scheduler: a column is filled, then required',
    up: `alter table app.notes add column pool text; update app.notes set pool = 'default' where pool is null; alter table app.notes alter column pool set not null`,
    down: 'alter table app.notes drop column pool',
    rows: 'select 1',
    stays: /app\.notes\.pool holds/,
  },
  {
    name: 'workflow scheduler: a table is swapped for a new one of another shape',
    up: 'create table app.notes_new (like app.notes including all); insert into app.notes_new select * from app.notes; drop table app.notes cascade; alter table app.notes_new rename to notes',
    refused: /drops the table app\.notes/,
  },
  {
    name: 'workflow scheduler: two tables of events with their indexes',
    up: 'create table app.datasets (id serial primary key, uri varchar(3000) not null, extra json not null); create unique index datasets_uri on app.datasets (uri); create table app.dataset_events (id serial primary key, dataset_id int not null references app.datasets, at timestamptz not null default now())',
    down: 'drop table app.dataset_events; drop index app.datasets_uri; drop table app.datasets',
    rows: `insert into app.datasets (uri, extra) values ('s3://x', '{}')`,
    stays: /app\.datasets holds/,
  },
  {
    name: 'dashboard: a model of its own reads and rewrites settings',
    up: `select id, body from app.notes where body like $$%old%$$ for update; update app.notes set body = replace(body, 'old', 'new') where id = 1`,
    refused: /overwrites body in rows of app\.notes/,
  },
  {
    name: 'dashboard: a join table between two that stand',
    up: 'create table app.note_links (note_id int references app.notes on delete cascade, link_id int references app.links, primary key (note_id, link_id))',
    down: 'drop table app.note_links',
    rows: 'insert into app.note_links values (1, 1)',
    stays: /app\.note_links holds/,
  },
  {
    name: 'dashboard: a text becomes longer',
    up: 'alter table app.notes alter column tag type varchar(1000)',
    refused: /changes the type of the column tag/,
  },
  {
    name: 'query editor: a json text column becomes jsonb beside it',
    up: `alter table app.notes add column options jsonb default '{}'::jsonb; alter table app.notes add column schedule json`,
    down: 'alter table app.notes drop column schedule; alter table app.notes drop column options',
    rows: `update app.notes set options = '{"parameters": [1]}' where id = 2`,
    stays: /app\.notes\.options holds/,
  },
  {
    name: 'query editor: full text search by a column, an index and a trigger',
    up: 'alter table app.notes add column search tsvector; create index search on app.notes using gin (search); create trigger search before insert or update on app.notes for each row execute procedure tsvector_update_trigger(search, $$pg_catalog.simple$$, body)',
    refused: /puts the trigger search on app\.notes/,
  },
];
