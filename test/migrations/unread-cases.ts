import type { Case } from './cases.ts';

/** What the grammar does not see into, or reads as harmless. */
export const unreadCases: readonly Case[] = [
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
  { name: 'a notification', up: `notify meals, 'x'; listen meals; set constraints all deferred` },
  { name: 'a lock that outlives it', up: 'select pg_advisory_lock(7)', byEffect: true },
  { name: 'a large object', up: `select lo_from_bytea(0, 'x')`, byEffect: true },
  { name: 'a large object that goes', up: 'select lo_unlink(1)', byEffect: true },
  { name: 'a temporary table', up: 'create temporary table x as select * from app.notes' },
  {
    name: 'a merge that only adds',
    up: `merge into app.notes n using app.links l on n.id = l.id when not matched then insert values (9, 'x')`,
  },
  {
    name: 'another server’s tables',
    up: 'import foreign schema x from server s into app',
    byEffect: true,
  },
  {
    name: 'SQL in another database',
    up: `select dblink_exec('x', 'delete from app.notes')`,
    byEffect: true,
  },
  {
    name: 'SQL inside of a query',
    up: `select query_to_xml('delete from app.notes returning 1', true, true, '')`,
    byEffect: true,
  },
  {
    name: 'a prepared deletion',
    up: 'prepare p as delete from app.notes; execute p',
    byEffect: true,
  },
  { name: 'an explanation that runs', up: 'explain analyze delete from app.notes', byEffect: true },
  { name: 'somebody’s session', up: 'select pg_terminate_backend(1)', byEffect: true },
  { name: 'a copy to a file', up: `copy app.notes to '/tmp/x'`, byEffect: true },
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
