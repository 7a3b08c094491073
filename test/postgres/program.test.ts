import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { proveMigrations } from '../../src/migration-proof/prove.ts';
import { judgeFolders } from '../../src/migrations/judge-folders.ts';
import { readHistories, refuseUnknown } from '../../src/postgres/revisions.ts';
import { held } from '../../src/held.ts';
import { findOpenRows } from '../../src/row-security/find-open-rows.ts';
import type { MealsDatabase } from './meals-database.ts';
import { mealsDatabase, rejection, runId } from './meals-database.ts';
import { down, first, headOf, made } from './program-meals.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const prove = (folders: Readonly<Record<string, string>>, accept: readonly string[] = []) =>
  proveMigrations(database.login, {
    ...{ folders, accept },
    run: { runId, limits: { lockTimeout: 20, patience: 30 } },
  });

/** A program that runs this on a session of the schema. */
const runs = (sql: string): Readonly<Record<string, string>> => ({ ...first, '2.up.sql': sql });

test('a program moves the schema as its owner, and its run stands in the version table', async () => {
  const folders = await made({
    ...first,
    '2.up.sql': 'create table seen as select current_user as who, session_user as login',
  });
  const lines = await database.upgrade(folders);
  expect(lines.flatMap(({ applied }) => applied ?? [])).toEqual([await headOf(folders)]);
  expect(lines.flatMap(({ unseen }) => unseen ?? [])).toHaveLength(1);
  expect(await database.stands()).toBe(await headOf(folders));
  expect(await database.sql('select * from meals.seen')).toEqual([
    { who: 'meals_owner', login: expect.stringMatching(/^windlass_trial_login_/) },
  ]);
  expect(await database.left()).toEqual([]);
  expect(await findOpenRows(database.login, ['meals'])).toEqual([
    expect.objectContaining({ object: 'meals.dishes' }),
    expect.objectContaining({ object: 'meals.seen' }),
  ]);
  expect(await database.upgrade(folders)).toEqual([
    expect.objectContaining({ at: await headOf(folders) }),
  ]);
});

test('its sessions carry the name of the run and our lock timeout, and RESET ROLE leads nowhere', async () => {
  const folders = await made({
    '1.up.sql': `reset role; create table seen as select current_user as who,
      current_setting('lock_timeout') as wait, current_setting('application_name') as name`,
  });
  await database.upgrade(folders);
  expect(await database.sql('select * from meals.seen')).toEqual([
    { who: 'meals_owner', wait: '1s', name: `windlass ${runId} meals` },
  ]);
});

describe('on the copy', () => {
  test('one that only adds goes up, down and up again', async () => {
    await database.upgrade(await made(first, { down }));
    const folders = await made(
      {
        ...runs('alter table dishes add column price int'),
        '2.down.sql': 'alter table dishes drop column price',
      },
      { down },
    );
    const [effects] = await prove(folders);
    expect(effects).toMatchObject({ service: 'meals', revision: await headOf(folders) });
    expect(effects?.statements.join(';')).toContain('add column price');
    expect(await database.sql('select name from meals.applied')).toHaveLength(2);
  });

  test.each([
    ['a column', 'alter table dishes drop column name', /changed .*name is gone/],
    ['rows', `update dishes set name = 'x'`, /changed rows: meals\.dishes holds other values/],
  ])('one that takes %s away wants to be accepted by its name', async (_, sql, why) => {
    await database.upgrade(await made(first));
    expect(await rejection(prove(await made(runs(sql))))).toMatchObject({
      code: 'MIGRATION_EFFECT',
      why: expect.stringMatching(why),
      fix: expect.stringMatching(/--accept migration:meals-[0-9a-f]{12} /),
    });
  });

  test('one that is accepted by its name may take something away', async () => {
    await database.upgrade(await made(first));
    const folders = await made(runs('alter table dishes drop column name'));
    const accepted = [`migration:${await headOf(folders)}`];
    await expect(prove(folders, accepted)).resolves.toHaveLength(1);
  });

  test('a `down` that does not lead back is named', async () => {
    await database.upgrade(await made(first, { down }));
    const folders = await made(
      { ...runs('alter table dishes add column price int'), '2.down.sql': 'select 1' },
      { down },
    );
    await expect(prove(folders)).rejects.toMatchObject({
      code: 'MIGRATION_EFFECT',
      why: expect.stringMatching(/does not restore the schema|applied again|already exists/),
    });
  });

  test('books of its own that are not named are taken for data', async () => {
    await database.upgrade(await made(first, { table: undefined }));
    const folders = await made(runs('create table other (a int)'), { table: undefined });
    await expect(prove(folders)).rejects.toMatchObject({
      why: expect.stringContaining('meals.applied'),
      fix: expect.stringContaining('`table`'),
    });
  });
});

describe('a program that fails', () => {
  test('is named with its words, what the database said, and without its password', async () => {
    const folders = await made(first, {
      up: ['sh', '-c', 'echo "I use $DATABASE_URL"; node migrate.mjs up; exit 7'],
    });
    const failed = await rejection(
      database.upgrade(await made({ '1.up.sql': 'create table public.t (a int)' })),
    );
    expect(failed).toMatchObject({
      code: 'MIGRATION_PROGRAM_DENIED',
      what: expect.stringContaining('meals'),
      why: expect.stringMatching(/`node migrate\.mjs up`: exit code 1[^]*permission denied.*42501/),
      fix: expect.stringContaining('meals_owner'),
    });
    expect(await rejection(database.upgrade(folders))).toMatchObject({
      code: 'MIGRATION_PROGRAM_FAILED',
      why: expect.stringMatching(/exit code 7[^]*I use postgresql:\/\/migrator:\[secret\]@127/),
    });
  });

  test('that nobody has is refused by the plan', async () => {
    const folders = await made(first, { up: ['no-such-program-here', 'up'] });
    await expect(readHistories(folders)).rejects.toMatchObject({
      code: 'MIGRATION_PROGRAM_MISSING',
      why: expect.stringMatching(/there is no program no-such-program-here/),
    });
  });

  test('that hangs is ended with all that it began, and its backends with it', async () => {
    const up = ['sh', '-c', 'sleep 60 & node migrate.mjs up'];
    const folders = await made(
      { '1.up.sql': 'create table t (a int); select pg_sleep(60)' },
      { up, timeout: 3 },
    );
    await expect(database.upgrade(folders)).rejects.toMatchObject({
      code: 'MIGRATION_PROGRAM_LATE',
      why: expect.stringContaining('did not end within 3 s'),
    });
    expect(await database.left()).toEqual([]);
    expect(await database.sql(`select to_regclass('meals.t') as t`)).toEqual([{ t: null }]);
  });

  test('that is stopped leaves no backend', async () => {
    const folders = await made({ '1.up.sql': 'select pg_sleep(60)' });
    const stop = new AbortController();
    const run = held(rejection(database.upgrade(folders, { signal: stop.signal })));
    await database.seen(`select from pg_stat_activity where query like '%pg_sleep(60)%'
      and application_name like 'windlass ${runId} %'`);
    stop.abort();
    expect(await run).toBeDefined();
    expect(await database.left()).toEqual([]);
  });

  test('that locks keep back is tried again, and the lock timeout is ours', async () => {
    await database.upgrade(await made(first));
    const lunch = await database.idle('lock table meals.dishes');
    const folders = await made(runs('alter table dishes add column price int'));
    const limits = { lockTimeout: 1, patience: 2 };
    await expect(database.upgrade(folders, { limits })).rejects.toMatchObject({
      code: 'TABLE_LOCKED',
      why: expect.stringContaining('lunch'),
    });
    await lunch.end();
    await database.upgrade(folders);
    expect(await database.stands()).toBe(await headOf(folders));
  });
});

test('the plan takes a program for one that only adds, by the digest of its files and words', async () => {
  const folders = await made(first);
  const { meals = [] } = await judgeFolders(folders);
  expect(meals).toMatchObject([{ kind: 'expand', program: true, judgedBy: 'effect', faults: [] }]);
  expect(await headOf(folders)).toMatch(/^meals-[0-9a-f]{12}$/);
  expect(await headOf(await made(first))).toBe(await headOf(folders));
  expect(await headOf(await made(first, { down }))).not.toBe(await headOf(folders));
  const histories = await readHistories(folders);
  refuseUnknown(histories, { meals: 'meals-0123456789ab' }, new Set());
  expect(() => refuseUnknown(histories, { meals: '0002_price' }, new Set())).toThrow(
    expect.objectContaining({ code: 'HISTORY_REWRITTEN' }),
  );
});
