import { execFileSync } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { underMigrationLock } from '../../src/postgres/advisory-lock.ts';
import { type Draft, history } from './history.ts';
import { type MealsDatabase, mealsDatabase, rejection, runId, table } from './meals-database.ts';
import { held } from '../../src/held.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

describe('no session of a run is left', () => {
  const slow: Draft = { up: 'lock table meals.t; select pg_sleep(600)' };
  const busy = `select from pg_stat_activity where application_name = 'windlass ${runId} meals'
    and query like '%pg_sleep%'`;

  test('when it is stopped', async () => {
    const made = await history('meals', [table, slow]);
    const cut = new AbortController();
    const running = database.upgrade(made.folders, { signal: cut.signal });
    const ended = held(rejection(running));
    await database.seen(busy);
    cut.abort(new Error('stopped'));
    expect(await ended).toMatchObject({ message: 'stopped' });
    expect(await database.left()).toEqual([]);
    await made.remove();
  });

  test('when its program is killed', async () => {
    const made = await history('meals', [table, slow]);
    const running = database.upgrade(made.folders);
    const ended = held(rejection(running));
    await database.seen(busy);
    const pids = execFileSync('pgrep', ['-P', `${process.pid}`, '-f', ' told$'], {
      encoding: 'utf8',
    });
    for (const pid of pids.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    expect(await ended).toMatchObject({ code: 'MIGRATION_INTERRUPTED', class: 'retry' });
    expect(await database.left()).toEqual([]);
    await made.remove();
  });

  test('when the next attempt begins: it ends what a dead one left, and its half-built index', async () => {
    await database.sql('create table meals.t (a int)');
    const holder = await database.idle('insert into meals.t values (2)');
    const name = `windlass ${runId} meals`;
    const dead = new pg.Client({ connectionString: database.admin, application_name: name });
    dead.on('error', () => undefined);
    await dead.connect();
    const ended = held(rejection(dead.query('create index concurrently i on meals.t (a)')));
    await database.seen(`select from pg_index where not indisvalid`);
    const next = held(underMigrationLock(database.login, ['meals'], database.left));
    await database.seen(`select from pg_stat_activity where query like 'drop index concurrently%'
      and wait_event_type = 'Lock'`);
    await holder.end();
    expect(await next).toEqual([]);
    expect(await ended).toBeInstanceOf(Error);
    const indexes = await database.sql(`select from pg_index where indrelid = 'meals.t'::regclass`);
    expect(indexes).toEqual([]);
  });

  test('but an index that somebody else builds at this moment is let be', async () => {
    await database.sql('create table meals.t (a int)');
    const holder = await database.idle('insert into meals.t values (2)');
    const builder = new pg.Client({
      connectionString: database.admin,
      application_name: 'a person',
    });
    await builder.connect();
    const building = held(builder.query('create index concurrently i on meals.t (a)'));
    await database.seen(`select from pg_index where not indisvalid`);
    await underMigrationLock(database.login, ['meals'], () => Promise.resolve());
    await holder.end();
    await building;
    await builder.end();
    const valid = await database.sql(
      `select indisvalid from pg_index where indrelid = 'meals.t'::regclass`,
    );
    expect(valid).toEqual([{ indisvalid: true }]);
  });
});
