import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase, rejection } from '../postgres/meals-database.ts';
import { column, dropColumn, prove, tables } from './prove-on.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const refused = (draft: Draft, before?: Draft) => rejection(prove(database, draft, before));

describe('an expand that changes what stood there before is refused by name', () => {
  const online = (text: string) => ({
    code: `    op.execute("${column}")
    if not context.is_offline_mode():
        op.execute("""${text}""")`,
    down: dropColumn,
  });
  test.each<[string, string, Draft]>([
    ['truncates online only', 'meals.t held 30 rows, and holds 0', online('truncate meals.t')],
    [
      'deletes online only',
      'meals.t held 30 rows, and holds 29',
      online('delete from meals.t where a = 1'),
    ],
    [
      'overwrites online only',
      'meals.t holds other values (30 rows)',
      online(`update meals.t set n = 'y' where a = 3`),
    ],
    [
      'drops a column online only',
      'columns: meals.t n is gone (alter table meals.t drop column n)',
      online('alter table meals.t drop column n'),
    ],
    [
      'drops a table online only',
      'meals.other is gone, with 1 rows',
      online('drop table meals.other'),
    ],
    [
      'empties by code that names no table',
      'meals.other held 1 rows, and holds 0',
      {
        up: `do $x$ begin execute 'truncate meals.' || 'oth' || 'er';; end $x$`,
        down: 'select 1',
      },
    ],
    [
      'replaces rows on conflict',
      'meals.k holds other values (1 rows)',
      {
        up: `insert into meals.k values (1, 'new') on conflict (a) do update set n = 'new'`,
        down: 'select 1',
      },
    ],
    [
      'lets a trigger write another table',
      'meals.log held 0 rows, and holds 1',
      { up: `insert into meals.k values (2, 'two')`, down: `delete from meals.k where a = 2` },
    ],
    [
      'tightens a column',
      'columns: meals.t a: required false → true',
      online(
        'update meals.t set a = a; alter table meals.t alter a set not null'.split('; ')[1] ?? '',
      ),
    ],
    ['renames', 'is gone', online('alter table meals.other rename to another')],
    [
      'takes a right away',
      'tables: meals.t: rights',
      online('revoke insert on meals.t from meals_service'),
    ],
    [
      'renames a value',
      `types: meals.mood: labels ["good","bad"]`,
      online(`alter type meals.mood rename value 'bad' to 'poor'`),
    ],
    [
      'tightens a domain',
      'types: meals.size: checks',
      online('alter domain meals.size add check (value > 0)'),
    ],
    [
      'has a view answer something else',
      'views: meals.v: text',
      online('create or replace view meals.v as select a + 1 as a from meals.t'),
    ],
    [
      'lets a view see with its owner’s eyes',
      'views: meals.v: options',
      online('alter view meals.v reset (security_invoker)'),
    ],
    [
      'counts otherwise',
      'sequences: meals.s: text',
      online('alter sequence meals.s increment by 5'),
    ],
    [
      'silences a trigger',
      'firing: meals.k noting: enabled O → D',
      online('alter table meals.k disable trigger noting'),
    ],
    [
      'changes a rule',
      'rules: meals.other quiet',
      online('create or replace rule quiet as on delete to meals.other do instead select 1'),
    ],
    [
      'takes an identity away',
      'made: meals.k b',
      online('alter table meals.k alter b drop identity'),
    ],
    [
      'makes a table that a crash empties',
      'kept: meals.other: persistence',
      online('alter table meals.other set unlogged'),
    ],
    ['takes a function away', 'functions: meals.f() is gone', online('drop function meals.f()')],
    [
      'replaces a function',
      'functions: meals.f(): body',
      online(`create or replace function meals.f() returns int language sql as 'select 2'`),
    ],
    [
      'opens a policy',
      'policies: meals.other p: visible',
      online('alter policy p on meals.other using (true)'),
    ],
    [
      'changes an aggregate’s right',
      'aggregates: meals.most(integer) is gone',
      online('drop aggregate meals.most(int)'),
    ],
  ])('%s', async (_, why, draft) => {
    const more = `${tables.up ?? ''}; create type meals.mood as enum ('good', 'bad');
      create domain meals.size as int; create view meals.v with (security_invoker = true) as select a from meals.t;
      create sequence meals.s; create rule quiet as on delete to meals.other do instead nothing;
      create function meals.f() returns int language sql as 'select 1';
      create policy p on meals.other using (a > 1);
      create aggregate meals.most(int) (sfunc = int4larger, stype = int);
      create table meals.k (a int primary key, n text, b int generated always as identity); insert into meals.k values (1, 'old');
      create table meals.log (a int);
      create function meals.note() returns trigger language plpgsql as 'begin insert into meals.log values (1);; return new;; end';
      create trigger noting after insert on meals.k for each row when (new.a = 2) execute function meals.note()`;
    const error = await refused(draft, { ...tables, up: more });
    expect(error).toMatchObject({ code: 'MIGRATION_EFFECT', class: 'undo' });
    expect(error).toMatchObject({
      why: expect.stringContaining('meals/migrations/versions/2.py (r2) says expand, but changed'),
    });
    expect(error).toMatchObject({ why: expect.stringContaining(why) });
  });
});
