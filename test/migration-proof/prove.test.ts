import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proveMigrations } from '../../src/migration-proof/prove.ts';
import { type Draft, history } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase, rejection, runId } from '../postgres/meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const table: Draft = {
  up: `create table meals.t (a int, n text); insert into meals.t select i, 'x' from generate_series(1, 30) as i;
    create table meals.other (a int); insert into meals.other values (1)`,
  down: 'drop table meals.t; drop table meals.other',
};
const limits = { lockTimeout: 1, patience: 5 };

/** What is seen of a revision on top of `before`, which has been applied. */
async function prove(draft: Draft, before: Draft = table) {
  const made = await history('meals', [before, draft]);
  await database.sql(`set role meals_owner; ${(before.up ?? '').replaceAll(';;', ';')};
    create table meals.alembic_version (version_num varchar(32) primary key);
    insert into meals.alembic_version values ('r1')`);
  try {
    return await proveMigrations(database.login, { folders: made.folders, run: { runId, limits } });
  } finally {
    await made.remove();
  }
}

const refused = async (draft: Draft, before?: Draft) => rejection(prove(draft, before));
const column = 'alter table meals.t add column c int';
const dropColumn = 'alter table meals.t drop column c';

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
        up: `do $x$ begin execute 'create table meals.made (a int)' ${'\;;'} end $x$`,
        down: 'drop table meals.made',
      },
    ],
  ])('passes: %s', async (_, draft) => {
    const [effect] = await prove(draft);
    expect(effect).toMatchObject({ revision: 'r2', rows: [], catalog: [], hidden: [], halves: [] });
    expect(await database.stands()).toBe('r2');
  });

  test('tells which tables it locks how', async () => {
    const [effect] = await prove({ up: column, down: dropColumn });
    expect(effect?.locks).toEqual([
      { table: 'meals.t', mode: 'AccessExclusiveLock', ms: expect.any(Number) },
    ]);
    expect(effect?.statements).toEqual([column]);
  });
});

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
        up: `do $x$ begin execute 'truncate meals.' || 'oth' || 'er'${'\;;'} end $x$`,
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
    const more = `${table.up}; create table meals.k (a int primary key, n text); insert into meals.k values (1, 'old');
      create table meals.log (a int);
      create function meals.note() returns trigger language plpgsql as 'begin insert into meals.log values (1)\;; return new\;; end';
      create trigger noting after insert on meals.k for each row when (new.a = 2) execute function meals.note()`;
    const error = await refused(draft, { ...table, up: more });
    expect(error).toMatchObject({ code: 'MIGRATION_EFFECT', class: 'undo' });
    expect(error).toMatchObject({
      why: expect.stringContaining('meals/migrations/versions/2.py (r2) says expand, but changed'),
    });
    expect(error).toMatchObject({ why: expect.stringContaining(why) });
  });
});

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
        /the downgrade of r2 does not lead back: indexes \+ .*meals\.other/,
      ),
    });
  });

  test('whose downgrade changes rows', async () => {
    const error = await refused({
      up: column,
      down: `${dropColumn}; delete from meals.t where a = 1`,
    });
    expect(error).toMatchObject({
      why: expect.stringContaining('does not lead back: meals.t held 30 rows, and holds 29'),
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
    ...table,
    up: `${table.up}; alter table meals.t enable row level security; alter table meals.t force row level security`,
  };
  test.each<[string, string]>([
    ['an update', `${column}; update meals.t set c = a`],
    [
      'a copy into another table',
      `create table meals.n (a int); insert into meals.n select a from meals.t`,
    ],
    ['a table made of it', 'create table meals.n as select a from meals.t'],
    ['code', `do $x$ begin update meals.t set n = n${'\;;'} end $x$`],
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
    await prove({ up, down: dropColumn }, forced);
    expect(await database.sql('select count(*)::int as n from meals.t where c = a')).toEqual([
      { n: 30 },
    ]);
  });

  test('does not mind a change of the table that reads no row', async () => {
    await prove({ up: column, down: dropColumn }, forced);
  });
});
