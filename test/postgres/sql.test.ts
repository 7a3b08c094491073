import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { proveMigrations } from '../../src/migration-proof/prove.ts';
import { judgeFolders } from '../../src/migrations/judge-folders.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { readHistories, refuseUnknown } from '../../src/postgres/revisions.ts';
import type { MealsDatabase } from './meals-database.ts';
import { mealsDatabase, runId } from './meals-database.ts';
import { sqlFiles } from './sql-files.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const first = {
  '0001_dishes.up.sql': `-- Names need no schema: it is the service's own.
create table dishes (id int primary key, name text not null default 'a:b 100%');
insert into dishes (id) values (1), (2); -- two; of them
`,
  '0001_dishes.down.sql': 'drop table dishes;',
};
const second = {
  '0002_price.up.sql': 'alter table meals.dishes add column price int;',
  '0002_price.down.sql': 'alter table meals.dishes drop column price;',
};
const files = async (all: Readonly<Record<string, string>>) => {
  const made = await sqlFiles('meals', all);
  onTestFinished(made.remove);
  return made;
};
const prove = (folders: Readonly<Record<string, string>>) =>
  proveMigrations(database.login, {
    folders,
    run: { runId, limits: { lockTimeout: 20, patience: 30 } },
  });

test('files go up in the order of their numbers, and the schema is theirs', async () => {
  const { folders } = await files({ '10_late.sql': 'select * from meals.dishes', ...first });
  const lines = await database.upgrade(folders);
  expect(lines.flatMap(({ applied }) => applied ?? [])).toEqual(['0001_dishes', '10_late']);
  expect(await database.stands()).toBe('10_late');
  expect(await database.sql('select name from meals.dishes')).toEqual([
    { name: 'a:b 100%' },
    { name: 'a:b 100%' },
  ]);
});

test('a service may read its version and not move it', async () => {
  await database.upgrade((await files(first)).folders);
  await database.sql('grant meals_service to current_user with set true');
  const as = (text: string) => database.sql(`set role meals_service; ${text}`);
  await as('select 1 / count(*) from meals.windlass_version'); // one that it sees
  await as(`update meals.windlass_version set version_num = 'x'`);
  expect(await database.stands()).toBe('0001_dishes');
});

test('a name longer than an id of Alembic stands in the version table', async () => {
  const name = `20260101120000_${'add_addresses_to_orders_'.repeat(3)}end`;
  const { folders } = await files({ [`${name}.sql`]: 'create table t (a int)' });
  await database.upgrade(folders);
  expect(await database.stands()).toBe(name);
});

test('what fails is named by its file and line, and what was before it stays', async () => {
  const { folders } = await files({ ...first, '0002_bad.sql': 'select 1;\n\nselect nothing;' });
  await expect(database.upgrade(folders)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    what: 'The upgrade of meals failed at revision 0002_bad',
    why: expect.stringMatching(/"nothing" does not exist[^]*\(0002_bad\.sql, line 3\)/),
  });
  expect(await database.stands()).toBe('0001_dishes');
});

test('an index is built concurrently, outside of a transaction', async () => {
  const build = 'drop index concurrently if exists i; create index concurrently i on dishes (name)';
  const { folders } = await files({ ...first, '0002_index.sql': build });
  await database.upgrade(folders);
  const { meals = [] } = await judgeFolders(folders);
  expect(meals[1]?.faults).toEqual([]);
  expect(await database.sql(`select from pg_indexes where indexname = 'i'`)).toHaveLength(1);
});

test('the transaction that somebody writes around a file is the one that it has anyway', async () => {
  const { folders } = await files({ '1_t.sql': 'begin;\ncreate table t (a int);\ncommit;' });
  await database.upgrade(folders);
  expect(await database.stands()).toBe('1_t');
});

describe('the plan', () => {
  test('shows the SQL as it is written', async () => {
    const { folders } = await files(first);
    const [line] = await runMigrations({ verb: 'sql', folders, at: { meals: null } }, {});
    expect(line?.sql).toContain(`name text not null default 'a:b 100%'`);
  });

  test('takes a file that says nothing for what its text shows', async () => {
    const { folders } = await files({
      ...first,
      '0002_no_way_back.sql': 'create table more (a int)',
      '0003_drop.up.sql': 'drop table more',
      '0003_drop.down.sql': 'create table more (a int)',
      '0004_said.up.sql': '-- windlass: contract\nalter table dishes drop column name',
      '0004_said.down.sql': 'alter table dishes add column name text',
    });
    const { meals = [] } = await judgeFolders(folders);
    expect(meals.map(({ kind, faults }) => [kind, faults])).toEqual([
      ['expand', []],
      ['irreversible', []],
      ['contract', []],
      ['contract', []],
    ]);
  });

  test('refuses what a file says and is not', async () => {
    const { folders } = await files({
      '1_t.up.sql': '-- windlass: expand\ndrop table meals.other',
      '1_t.down.sql': 'create table meals.other (a int)',
      '2_t.sql': '-- windlass: sometimes\nselect 1',
    });
    const { meals = [] } = await judgeFolders(folders);
    expect(meals[0]?.faults[0]).toMatch(/^says expand, but .*drop table meals.other/);
    expect(meals[1]?.faults[0]).toContain('says it is sometimes');
  });

  test('two releases that are not in one line are told apart', async () => {
    const histories = await readHistories((await files(first)).folders);
    const at = () => refuseUnknown(histories, { meals: '0007_gone' }, new Set());
    expect(at).toThrow(
      expect.objectContaining({
        code: 'HISTORY_REWRITTEN',
        fix: expect.stringContaining('call it 0007_gone.sql'),
      }),
    );
  });
});

describe('a downgrade', () => {
  test('goes where it loses nothing, to nothing as well', async () => {
    const { folders } = await files({ ...empty, ...second });
    await database.upgrade(folders);
    expect(await downgradeTo(database.login, { meals: '0001_dishes' }, { folders })).toEqual([]);
    expect(await database.stands()).toBe('0001_dishes');
    expect(await downgradeTo(database.login, { meals: null }, { folders })).toEqual([]);
    expect(await database.sql(`select from pg_tables where schemaname = 'meals'`)).toEqual([]);
  });

  test('stays where somebody has written since', async () => {
    const { folders } = await files({ ...first, ...second });
    await database.upgrade(folders);
    await database.sql('update meals.dishes set price = 3');
    const stays = await downgradeTo(database.login, { meals: '0001_dishes' }, { folders });
    expect(stays[0]).toMatch(
      /schema meals at 0002_price: 0002_price cannot be downgraded: .*price holds/,
    );
  });

  test('stays where there is no file for it', async () => {
    const { folders } = await files({ ...first, '0002_more.sql': 'create table more (a int)' });
    await database.upgrade(folders);
    const stays = await downgradeTo(database.login, { meals: '0001_dishes' }, { folders });
    expect(stays[0]).toMatch(/cannot be downgraded without data loss/);
  });
});

describe('on the copy', () => {
  test('a file that only adds passes, up, down and up again', async () => {
    const made = await files(first);
    await database.upgrade(made.folders);
    for (const [name, text] of Object.entries(second)) await made.write(name, text);
    const [effect] = await prove(made.folders);
    expect(effect).toMatchObject({ revision: '0002_price', rows: [], catalog: [], halves: [] });
    expect(effect?.locks).toMatchObject([{ table: 'meals.dishes', mode: 'AccessExclusiveLock' }]);
    expect(await database.stands()).toBe('0002_price');
  });

  test('the first file of a schema passes', async () => {
    const [effect] = await prove((await files(first)).folders);
    expect(effect).toMatchObject({ revision: '0001_dishes', halves: [], catalog: [] });
  });

  test.each([
    [
      'a change of rows that its text hides',
      `do $$ begin execute 'delete from meals.dishes'; end $$`,
      'select 1',
      /is an expand by its text, but changed rows: .*dishes/,
    ],
    [
      'a way back that leads elsewhere',
      'alter table dishes add column price int',
      'alter table dishes alter column name drop not null',
      /the downgrade of 0002_x does not restore the schema/,
    ],
  ])('%s is refused', async (_, up, down, why) => {
    const made = await files(first);
    await database.upgrade(made.folders);
    await made.write('0002_x.up.sql', up);
    await made.write('0002_x.down.sql', down);
    await expect(prove(made.folders)).rejects.toMatchObject({
      why: expect.stringMatching(why),
    });
  });
});

const empty = {
  '0001_dishes.up.sql': 'create table dishes (id int primary key)',
  '0001_dishes.down.sql': 'drop table dishes',
};
