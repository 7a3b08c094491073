import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLoad } from '../../src/rehearsal/load.ts';
import { type MealsDatabase, mealsDatabase } from '../postgres/meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
  await database.empty();
});
afterAll(() => database?.stop());

const written = () => database.seen('select from windlass_rehearsal.rows where n > 3');

test('a row that was acknowledged and is gone is missed', async () => {
  const load = await openLoad(database.login);
  await written();
  expect(await load.look()).toMatchObject({ rows: expect.any(Number), missing: 0 });
  await database.sql('delete from windlass_rehearsal.rows where n = 2');
  expect(await load.look()).toMatchObject({ missing: 1 });
  await load.close();
  await database.sql('drop schema windlass_rehearsal cascade');
});

test('its users come back when their sessions were ended, and know how long they waited', async () => {
  await database.sql('create table meals.t (a int)');
  const load = await openLoad(database.login);
  await written();
  const holder = await database.idle('lock table meals.t');
  const waiting = `select from pg_locks where relation = 'meals.t'::regclass and not granted`;
  await database.seen(`${waiting} and mode = 'AccessShareLock'`);
  await pause(300);
  await holder.end();
  await database.sql(`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'windlass' and query ~ 'windlass_rehearsal|meals' and pid <> pg_backend_pid()`);
  const [last] = await database.sql('select max(n) as n from windlass_rehearsal.rows');
  await database.seen(`select from windlass_rehearsal.rows where n > ${String(last?.['n'])} + 2`);
  const { longestMs, missing } = await load.look();
  expect(longestMs).toBeGreaterThan(250);
  expect(missing).toBe(0);
  await load.close();
  const left = `select from pg_stat_activity where application_name = 'windlass' and datname = current_database()`;
  expect(await database.sql(left)).toEqual([]);
});
