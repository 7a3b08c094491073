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

describe('a revision is refused', () => {
  test('that is committed halfway', async () => {
    const error = await refused({
      code: `    op.execute("${column}")
    with op.get_context().autocommit_block():
        op.execute("create table meals.late (a int)")
    op.execute("alter table meals.t add column d int")`,
      down: `${dropColumn}; alter table meals.t drop column d; drop table meals.late`,
    });
    expect(error).toMatchObject({
      why: expect.stringContaining(`(r2) is committed halfway, after ${column}`),
    });
  });

  test('whose downgrade does not lead back', async () => {
    const error = await refused({
      up: `${column}; create index i on meals.other (a)`,
      down: dropColumn,
    });
    expect(error).toMatchObject({
      why: expect.stringMatching(
        /the downgrade of r2 does not restore the schema: indexes \+ .*meals\.other/,
      ),
    });
  });

  test('whose downgrade changes rows', async () => {
    const error = await refused({
      up: column,
      down: `${dropColumn}; delete from meals.t where a = 1`,
    });
    expect(error).toMatchObject({
      why: expect.stringContaining(
        'does not restore the schema: meals.t held 30 rows, and holds 29',
      ),
    });
  });

  test('whose downgrade fails', async () => {
    const error = await refused({ up: column, down: 'alter table meals.t drop column cc' });
    expect(error).toMatchObject({
      what: expect.stringContaining(
        'On the copy of the data, the migration of meals failed at revision r2',
      ),
    });
  });
});

describe('row security that hides rows from a backfill', () => {
  const forced = {
    ...tables,
    up: `${tables.up ?? ''}; alter table meals.t enable row level security; alter table meals.t force row level security`,
  };
  test.each<[string, string]>([
    ['an update', `${column}; update meals.t set c = a`],
    [
      'a copy into another table',
      `create table meals.n (a int); insert into meals.n select a from meals.t`,
    ],
    ['a table made of it', 'create table meals.n as select a from meals.t'],
    ['code', `do $x$ begin update meals.t set n = n;; end $x$`],
  ])('is never silent: %s', async (_, up) => {
    const error = await refused({ up, kind: 'irreversible' }, forced);
    expect(error).toMatchObject({
      why: expect.stringContaining(
        'saw 0 of 30 rows of meals.t, whose row security hides the others from meals_owner',
      ),
      fix: expect.stringContaining('create policy windlass_fill'),
    });
  });

  test('passes with the policy that the message tells of', async () => {
    const up = `${column}; create policy windlass_fill on meals.t to meals_owner using (true) with check (true);
      update meals.t set c = a; drop policy windlass_fill on meals.t`;
    await prove(database, { up, down: dropColumn }, forced);
    expect(await database.sql('select count(*)::int as n from meals.t where c = a')).toEqual([
      { n: 30 },
    ]);
  });

  test('does not mind a change of the table that reads no row', async () => {
    const [effect] = await prove(database, { up: column, down: dropColumn }, forced);
    expect(effect?.hidden).toEqual([]);
  });
});
