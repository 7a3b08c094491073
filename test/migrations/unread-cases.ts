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
