import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Draft } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase } from '../postgres/meals-database.ts';
import { column, dropColumn, prove, proveOn, tables } from './prove-on.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

describe('an expand that only adds', () => {
  test.each<[string, Draft]>([
    ['a column', { up: column, down: dropColumn }],
    [
      'a column that it fills',
      { up: `${column} default 5; update meals.t set c = a`, down: dropColumn },
    ],
    [
      'a column that rewrites the table',
      { up: `${column} generated always as (a * 2) stored`, down: dropColumn },
    ],
    ['an index', { up: 'create index i on meals.t (a)', down: 'drop index meals.i' }],
    [
      'a column of a table with a row of each name',
      {
        up: 'alter table meals.other add "größe ""x" text',
        down: 'alter table meals.other drop "größe ""x"',
      },
    ],
    [
      'what it fills with rows that it reads',
      {
        code: `    op.execute("create table meals.sums (a int)")
    rows = op.get_bind().execute(text("select a from meals.t where a < 4")).fetchall()
    for row in rows:
        op.get_bind().execute(text("insert into meals.sums values (:a)"), {"a": row.a})`,
        down: 'drop table meals.sums',
      },
    ],
    [
      'by code',
      {
        up: `do $x$ begin execute 'create table meals.made (a int)' ;; end $x$`,
        down: 'drop table meals.made',
      },
    ],
  ])('passes: %s', async (_, draft) => {
    const [effect] = await prove(database, draft);
    expect(effect).toMatchObject({ revision: 'r2', rows: [], catalog: [], hidden: [], halves: [] });
    expect(await database.stands()).toBe('r2');
  });

  test('tells which tables it locks how', async () => {
    const [effect] = await prove(database, { up: column, down: dropColumn });
    expect(effect?.locks).toEqual([
      { table: 'meals.t', mode: 'AccessExclusiveLock', ms: expect.any(Number) },
    ]);
    expect(effect?.statements).toEqual([column]);
  });

  test('names no lock of a table that an earlier revision of the same run made', async () => {
    const made = { up: 'create table meals.fresh (a int)', down: 'drop table meals.fresh' };
    const changed = {
      up: 'alter table meals.fresh add column b int; alter table meals.t add column b int',
      down: 'alter table meals.fresh drop column b; alter table meals.t drop column b',
    };
    const effects = await proveOn(database, [tables, made, changed]);
    expect(effects.map(({ locks }) => locks.map(({ table }) => table))).toEqual([[], ['meals.t']]);
  });
});
