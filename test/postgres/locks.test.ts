import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openClient } from '../../src/postgres/connect.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { patiently } from '../../src/postgres/patiently.ts';
import { readHistories } from '../../src/postgres/revisions.ts';
import { type Draft, history } from './history.ts';
import { type MealsDatabase, heard, mealsDatabase, runId, table } from './meals-database.ts';
import { held } from '../../src/held.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const column: Draft = {
  up: 'alter table meals.t add column b int default 7',
  down: 'alter table meals.t drop column b',
};
const index: Draft = {
  up: 'drop index concurrently if exists meals.i; create index concurrently i on meals.t (a)',
  outside: true,
};

describe('while somebody’s idle transaction holds a table', () => {
  test('its readers get in between two tries, and the revision is applied once it is free', async () => {
    const made = await history('meals', [table, column]);
    await database.upgrade({ ...made.folders });
    await made.write(3, { up: 'alter table meals.t add column c int' });
    const holder = await database.idle('select from meals.t');
    const { lines, onLine, until } = heard();
    const running = held(database.upgrade(made.folders, { onLine }));
    await until(({ waits }) => waits === 'r3');
    expect(await database.sql('select count(*)::int as rows from meals.t')).toEqual([{ rows: 1 }]);
    await holder.end();
    await running;
    expect(await database.stands()).toBe('r3');
    expect(lines.find(({ waits }) => waits)).toMatchObject({ sqlstate: '55P03' });
    await made.remove();
  });

  test('the patience ends: whose timeout, who holds it, since when, and how to change it', async () => {
    const made = await history('meals', [table]);
    await database.upgrade(made.folders);
    await made.write(2, column);
    const holder = await database.idle('select from meals.t');
    const failed = database.upgrade(made.folders, { limits: { lockTimeout: 1, patience: 1 } });
    await expect(failed).rejects.toMatchObject({
      code: 'TABLE_LOCKED',
      what: 'The upgrade of meals at revision r2 could not get its locks',
      why: expect.stringMatching(
        /held by pid \d+ \(lunch, user postgres, idle in transaction, transaction since .* UTC, query: select from meals\.t\)[^]*Windlass’s own lock_timeout: 1 s a try, tried again for 1 s[^]*meals is at r1/,
      ),
      fix: expect.stringContaining('windlass_lock_timeout = "10s"'),
    });
    expect(await database.left()).toEqual([]);
    await holder.end();
    await made.remove();
  });

  test('a revision’s own patience counts for it', async () => {
    const made = await history('meals', [table]);
    await database.upgrade(made.folders);
    await made.write(2, { ...column, says: 'windlass_patience = 1\nwindlass_lock_timeout = "2s"' });
    const holder = await database.idle('select from meals.t');
    await expect(database.upgrade(made.folders)).rejects.toMatchObject({
      why: expect.stringContaining('2 s a try, tried again for 1 s'),
    });
    await holder.end();
    await made.remove();
  });

  test('an index is built concurrently without the lock timeout', async () => {
    const made = await history('meals', [table]);
    await database.upgrade(made.folders);
    await made.write(2, index);
    const holder = await database.idle('insert into meals.t values (2)');
    const { lines, onLine } = heard();
    const running = held(database.upgrade(made.folders, { onLine }));
    await database.seen(`select from pg_stat_activity where application_name = 'windlass ${runId} meals'
      and wait_event_type = 'Lock' and now() - query_start > interval '1.5 s'`);
    await holder.query('commit');
    await running;
    await holder.end();
    expect(lines.filter(({ waits }) => waits)).toEqual([]);
    expect(await database.stands()).toBe('r2');
    await made.remove();
  });

  test('a downgrade gives up after its patience: the schema stays, and says why', async () => {
    const made = await history('meals', [table, column]);
    await database.upgrade(made.folders);
    const holder = await database.idle('select from meals.t');
    const run = { runId, limits: { lockTimeout: 1, patience: 1 } };
    const stays = await downgradeTo(
      database.login,
      { meals: 'r1' },
      { folders: made.folders, run },
    );
    expect(stays).toEqual([expect.stringMatching(/^schema meals at r2: .*lunch/s)]);
    expect(await database.stands()).toBe('r2');
    await holder.end();
    await made.remove();
  });
});

test('a statement that takes longer than was asked for is named as our timeout', async () => {
  const slow: Draft = { up: 'select pg_sleep(60)', says: 'windlass_statement_timeout = 1' };
  const made = await history('meals', [slow]);
  await expect(database.upgrade(made.folders)).rejects.toMatchObject({
    code: 'STATEMENT_TIMEOUT',
    why: expect.stringContaining('Windlass’s own statement_timeout: 1 s'),
  });
  await made.remove();
});

test.each(['"soon"', '0', '-1', 'True', '"10"', '1.5'])(
  'a timeout of %s is refused by its file before anything runs',
  async (value) => {
    const made = await history('meals', [{ ...table, says: `windlass_lock_timeout = ${value}` }]);
    await expect(readHistories(made.folders)).rejects.toMatchObject({
      why: expect.stringMatching(/versions\/1\.py: windlass_lock_timeout is .*, not a time/),
    });
    await made.remove();
  },
);

test('our own DDL is given up and tried again while somebody holds its locks', async () => {
  await database.sql('create table meals.t (a int)');
  const holder = await database.idle('select from meals.t');
  const client = await openClient(database.login);
  const dropped = held(patiently(client, 'drop table meals.t'));
  await database.seen(`select from pg_stat_activity where application_name = 'windlass'
    and wait_event_type = 'Lock'`);
  // It would queue behind the drop for as long as the holder stays.
  expect(await database.sql('select from meals.t')).toEqual([]);
  await holder.end();
  await dropped;
  await client.end();
});
