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
  ])('%s', async (_, why, draft) => {
    const more = `${tables.up ?? ''}; create table meals.k (a int primary key, n text); insert into meals.k values (1, 'old');
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
