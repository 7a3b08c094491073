import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { held } from '../../src/held.ts';
import { type Draft, history } from './history.ts';
import { type MealsDatabase, mealsDatabase, runId, table } from './meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const limits = { lockTimeout: 2, patience: 30 };
const waiting = `select from pg_stat_activity where application_name like 'windlass ${runId} %'
  and wait_event_type = 'Lock'`;

/** Goes down to `r1` while a transaction that has written `late`, unseen by others, is still open. */
async function downgrade(drafts: readonly Draft[], late: string) {
  const made = await history('meals', [table, ...drafts]);
  await database.sql(`set role meals_owner; ${[table, ...drafts].map(({ up }) => up).join('; ')};
    create table meals.alembic_version (version_num varchar(32) primary key);
    insert into meals.alembic_version values ('r${drafts.length + 1}')`);
  const user = await database.idle(late);
  const run = { runId, limits };
  const going = held(downgradeTo(database.login, { meals: 'r1' }, { folders: made.folders, run }));
  await database.seen(waiting);
  await user.query('commit');
  await user.end();
  const told = await going;
  await made.remove();
  return { told, stands: await database.stands() };
}

const column = (name: string): Draft => ({
  up: `alter table meals.t add column ${name} text`,
  down: `alter table meals.t drop column ${name}`,
});
const whole: Draft = { up: 'create table meals.n (a int)', down: 'drop table meals.n' };
const hidden: Draft = {
  up: `create table meals.n (a int); alter table meals.n enable row level security;
    alter table meals.n force row level security`,
  down: 'drop table meals.n',
};

describe('what somebody writes between the question and the downgrade keeps the schema', () => {
  test.each<[string, string, readonly Draft[], string]>([
    ['a value of a column', 'meals.t.b', [column('b')], `update meals.t set b = 'mine'`],
    [
      'a value of a column whose name needs quotes',
      'meals.t.größe "x',
      [column('"größe ""x"')],
      `update meals.t set "größe ""x" = 'mine'`,
    ],
    ['a row of a table', 'meals.n', [whole], 'insert into meals.n values (1)'],
    [
      'a row that row security hides from its owner',
      'meals.n',
      [hidden],
      'insert into meals.n values (1)',
    ],
    [
      'a row of a table that goes along',
      'meals.n',
      [
        {
          up: 'create table meals.parent (a int primary key); create table meals.n (a int references meals.parent)',
          down: 'drop table meals.n; drop table meals.parent',
        },
      ],
      'insert into meals.parent values (1); insert into meals.n values (1)',
    ],
  ])('%s', async (_, place, drafts, late) => {
    const { told, stands } = await downgrade(drafts, late);
    expect(told).toEqual([
      `schema meals at r2: r2 cannot be downgraded: ${place} holds what was written since`,
    ]);
    expect(stands).toBe('r2');
  });

  test('down to the revision that holds it, and no further', async () => {
    const { told } = await downgrade(
      [whole, column('b')],
      'insert into meals.n values (1); select from meals.t',
    );
    expect(told).toEqual([
      'schema meals at r2: r2 cannot be downgraded: meals.n holds what was written since',
    ]);
  });
});

test('where nothing was written the schema goes down, also under forced row security', async () => {
  const { told, stands } = await downgrade([hidden], 'select from meals.n');
  expect({ told, stands }).toEqual({ told: [], stands: 'r1' });
});
