import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { held } from '../../src/held.ts';
import { roleSql } from '../../src/postgres/role-sql.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { history } from './history.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let admin = '';

beforeAll(async () => {
  database = await projectDatabase();
  admin = database.urlOf('postgres');
});

afterAll(() => database?.stop());

beforeEach(async () => {
  await query(admin, 'drop schema if exists meals cascade');
  await query(admin, roleSql('meals'));
  await query(
    admin,
    `create function meals.raise(words text, state text) returns void language plpgsql as $$
     begin raise exception '%', words using errcode = state; end $$`,
  );
});

async function failureOf(up: string): Promise<unknown> {
  const made = await history('meals', [{ up }]);
  const { folders } = made;
  const ended = await runMigrations({ verb: 'upgrade', folders }, { login: loginOf(admin) }).catch(
    (error: unknown) => error,
  );
  await made.remove();
  return ended;
}

const raise = (words: string, state: string): string =>
  `select meals.raise('${words}', '${state}')`;

describe('a revision that fails by itself is no lost database, whatever words its error has', () => {
  test.each([
    ['a table called connections', 'insert into meals.connections values (1)'],
    [
      'a column called terminating',
      'create table meals.t (a int); select terminating from meals.t',
    ],
    ['a table called "server closed"', 'select * from meals."server closed"'],
    ['a message about connections', raise('could not connect: connection refused', 'P0001')],
    [
      'a broken constraint',
      'create table meals.t (connection int not null); insert into meals.t values (null)',
    ],
  ])('%s', async (_, up) => {
    expect(await failureOf(up)).toMatchObject({ code: 'MIGRATION_FAILED', class: 'undo' });
  });
});

describe('what waiting can mend is tried again', () => {
  test('a session that the server ends', async () => {
    const failing = held(failureOf('select pg_sleep(60)'));
    const asleep = `select pid from pg_stat_activity where query like 'select pg_sleep%'`;
    await expect.poll(() => query(admin, asleep), { timeout: 30_000 }).toHaveLength(1);
    await query(admin, asleep.replace('pid', 'pg_terminate_backend(pid)'));
    expect(await failing).toMatchObject({ code: 'DATABASE_LOST', class: 'retry' });
  });

  test.each([
    ['a server that is about to start', '57P03', 'DATABASE_LOST'],
    ['a connection failure', '08006', 'DATABASE_LOST'],
    ['a server that takes no more sessions', '53300', 'DATABASE_BUSY'],
  ])('%s', async (_, state, code) => {
    expect(await failureOf(raise('x', state))).toMatchObject({ code, class: 'retry' });
  });

  test('a server that is not there', async () => {
    const made = await history('meals', [{ up: 'select 1' }]);
    const { folders } = made;
    const nowhere = { ...loginOf(admin), port: 1 };
    const running = runMigrations({ verb: 'upgrade', folders }, { login: nowhere });
    await expect(running).rejects.toMatchObject({ code: 'DATABASE_LOST', class: 'retry' });
    await made.remove();
  });

  test('but not a full disk', async () => {
    const failure = await failureOf(raise('x', '53100'));
    expect(failure).toMatchObject({ code: 'DATABASE_DISK_FULL', class: 'undo' });
  });
});
