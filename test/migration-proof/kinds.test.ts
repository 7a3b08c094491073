import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import type { Draft } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase, rejection } from '../postgres/meals-database.ts';
import { prove, tables } from './prove-on.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const before: Draft = {
  ...tables,
  up: `${tables.up ?? ''}; create table meals.days (day date not null) partition by range (day);
    create table meals.may (day date not null); insert into meals.may values ('2026-05-05');
    create type meals.mood as enum ('good', 'bad')`,
};

/** What is said of an expand: nothing, or why it is refused. */
async function told(draft: Draft): Promise<string> {
  const error = await rejection(prove(database, draft, before));
  if (error === undefined) return '';
  return error instanceof Failure ? error.why : 'no Failure';
}

describe('an expand of a kind that nobody named', () => {
  test.each<[string, Draft]>([
    [
      'a temporary table, a notification and a lock that outlives it',
      {
        up: `create temporary table x as select * from meals.t; notify meals, 'x'; select pg_advisory_lock(7);
          create table meals.n (a int)`,
        down: 'drop table meals.n',
      },
    ],
    [
      'a partition that is made, and a child that inherits',
      {
        up: `create table meals.june partition of meals.days for values from ('2026-06-01') to ('2026-07-01');
          create table meals.child () inherits (meals.other)`,
        down: 'drop table meals.june; drop table meals.child',
      },
    ],
    [
      'default privileges that come',
      {
        up: 'alter default privileges in schema meals grant select on tables to anon',
        down: 'alter default privileges in schema meals revoke select on tables from anon',
      },
    ],
    [
      'rules of new columns and a plain index that code puts on an older table',
      {
        up: `do $x$ begin execute 'alter table meals.t add column fresh int unique check (fresh > 0) references meals.other (a)';;
          execute 'create index plain on meals.t (a)';; end $x$`,
        down: 'drop index meals.plain; alter table meals.t drop column fresh',
      },
    ],
  ])('passes: %s', async (_, draft) => {
    expect(await told(draft)).toBe('');
  });

  test.each<[string, RegExp, Draft]>([
    [
      'rows that move into a partition',
      /parents: meals\.may meals\.days is new/,
      {
        up: `do $x$ begin execute 'alter table meals.days attach partition meals.may for values from (''2026-05-01'') to (''2026-06-01'')';; end $x$`,
        down: 'alter table meals.days detach partition meals.may',
      },
    ],
    [
      'a trigger that code puts on an older table',
      /triggers: meals\.t CREATE TRIGGER quiet .* is new/,
      {
        up: `create function meals.f() returns trigger language plpgsql as 'begin return null;; end';
          do $x$ begin execute 'create trigger quiet before insert on meals.t for each row execute function meals.f()';; end $x$`,
        down: 'drop trigger quiet on meals.t; drop function meals.f()',
      },
    ],
    [
      'a check that code puts on an older column',
      /restrictions: meals\.t small .* is new/,
      {
        up: `do $x$ begin execute 'alter table meals.t add constraint small check (a < 1000) not valid';; end $x$`,
        down: 'alter table meals.t drop constraint small',
      },
    ],
    [
      'a unique index that code puts on an older column',
      /restrictions: meals\.t one .* is new/,
      {
        up: `do $x$ begin execute 'create unique index one on meals.t ((a + 1))';; end $x$`,
        down: 'drop index meals.one',
      },
    ],
    [
      'a reference that code puts on an older column',
      /restrictions: meals\.t elsewhere .* is new/,
      {
        up: `do $x$ begin execute 'alter table meals.t add constraint elsewhere foreign key (a) references meals.other (a) not valid';; end $x$`,
        down: 'alter table meals.t drop constraint elsewhere',
      },
    ],
    [
      'a duty that code puts on an older column',
      /required/,
      {
        up: `do $x$ begin execute 'alter table meals.t alter column a set not null';; end $x$`,
        down: 'alter table meals.t alter column a drop not null',
      },
    ],
    [
      'a security definer of its own that writes an older table',
      /meals\.t held 30 rows, and holds 31/,
      {
        up: `create function meals.f() returns trigger security definer language plpgsql as 'begin insert into meals.t values (31);; return new;; end';
          create table meals.n (a int); create trigger w after insert on meals.n for each row execute function meals.f();
          insert into meals.n values (1)`,
        down: 'drop table meals.n; drop function meals.f()',
      },
    ],
    [
      'a prepared deletion',
      /meals\.t held 30 rows, and holds 29/,
      { up: 'prepare p as delete from meals.t where a = 1; execute p', down: 'select 1' },
    ],
    [
      'an explanation that runs',
      /meals\.t held 30 rows, and holds 29/,
      { up: 'explain analyze delete from meals.t where a = 1', down: 'select 1' },
    ],
    [
      'SQL inside of a query',
      /holds 29|query_to_xml|not allowed/,
      {
        up: `select query_to_xml('delete from meals.t where a = 1 returning 1', true, true, '')`,
        down: 'select 1',
      },
    ],
    [
      'a value of a type, whose way down leaves it',
      /does not restore the schema: types /,
      { up: `alter type meals.mood add value 'fair'`, down: 'select 1' },
    ],
  ])('is refused: %s', async (_, why, draft) => {
    expect(await told(draft)).toMatch(why);
  });
});
