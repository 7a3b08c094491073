import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MigrationProgram } from '../../src/config/migrations.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import type { MealsDatabase } from './meals-database.ts';
import { mealsDatabase, runId } from './meals-database.ts';
import { down, first, headOf, made } from './program-meals.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

/** A program that runs this on a session of the schema. */
const runs = (sql: string): Readonly<Record<string, string>> => ({ ...first, '2.up.sql': sql });

describe('the way back', () => {
  const added = {
    ...runs('alter table dishes add column price int; create table menu (a int)'),
    '2.down.sql': 'alter table dishes drop column price; drop table menu',
  };
  const deployed = async (program: Partial<MigrationProgram>) => {
    const before = await made(first, program);
    await database.upgrade(before);
    const folders = await made(added, program);
    await database.upgrade(folders);
    return { at: await headOf(before), folders };
  };

  test('is `down`, where nothing was written to what `up` added', async () => {
    const { at, folders } = await deployed({ down });
    expect(await downgradeTo(database.login, { meals: at }, { folders })).toEqual([]);
    expect(await database.stands()).toBe(at);
    expect(await database.sql(`select to_regclass('meals.menu') as t`)).toEqual([{ t: null }]);
  });

  test.each([
    ['a row in a table', 'insert into meals.menu values (1)', '"meals"."menu"'],
    ['a value in a column', 'update meals.dishes set price = 3', 'price'],
  ])('is not taken past %s', async (_, sql, named) => {
    const { at, folders } = await deployed({ down });
    await database.sql(`set role meals_owner; ${sql}`);
    const [stays] = await downgradeTo(database.login, { meals: at }, { folders });
    expect(stays?.replaceAll('"', '')).toContain(named.replaceAll('"', ''));
    expect(stays).toContain('holds what was written since');
    expect(await database.stands()).not.toBe(at);
  });

  test('without `down` is that the schema stays', async () => {
    const { at, folders } = await deployed({});
    const [stays] = await downgradeTo(database.login, { meals: at }, { folders });
    expect(stays).toMatch(/only adds, and has no `down`/);
  });

  test('does not lead past a change that was accepted', async () => {
    const before = await made(first, { down });
    await database.upgrade(before);
    const folders = await made(
      {
        ...runs('alter table dishes drop column name'),
        '2.down.sql': 'alter table dishes add column name text',
      },
      { down },
    );
    const call = { verb: 'upgrade' as const, folders, accepted: ['meals'] };
    const limits = { lockTimeout: 1, patience: 60 };
    await runMigrations(call, { login: database.login, runId, limits });
    const meals = await headOf(before);
    const [stays] = await downgradeTo(database.login, { meals }, { folders });
    expect(stays).toContain('cannot be taken back without data loss');
  });

  test('of one that failed halfway says what it had committed', async () => {
    const start = await made(first);
    await database.upgrade(start);
    const at = await headOf(start);
    const folders = await made({
      ...runs('create table half (a int)'),
      '3.up.sql': 'select nothing',
    });
    await expect(database.upgrade(folders)).rejects.toMatchObject({
      why: expect.stringContaining(`meals is at ${at}`),
    });
    const stays = await downgradeTo(database.login, { meals: at }, { folders });
    expect(stays).toEqual([
      expect.stringMatching(/^schema meals at .*: what .* had added .*"meals"\."half"$/),
    ]);
  });
});
