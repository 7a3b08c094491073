import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { canLogIn } from '../../src/postgres/connect.ts';
import { clearPassword, ensureSecondLogin, setRolePassword } from '../../src/postgres/roles.ts';
import { alembic } from '../examples/alembic.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let admin = '';
let first = '';
let second = '';

beforeAll(async () => {
  database = await projectDatabase();
  admin = database.urlOf('postgres');
  first = database.urlOf('habits_service');
  second = database.urlOf('habits_service_2', 'new');
  await alembic(admin, 'habits', 'upgrade', 'head');
  for (const _ of ['once', 'and once more']) await ensureSecondLogin(loginOf(admin), 'habits');
  await setRolePassword(loginOf(admin), { role: 'habits_service_2', password: 'new' });
});

afterAll(() => database?.stop());

test('the second login acts as the first from its first statement on', async () => {
  const [who] = await query(
    second,
    `select session_user as login, current_user as role,
    current_setting('search_path') as path, current_setting('statement_timeout') as patience`,
  );
  expect(who).toEqual({
    login: 'habits_service_2',
    role: 'habits_service',
    path: 'habits',
    patience: '8s',
  });
});

test('row level security holds for it as for the first', async () => {
  const user = randomUUID();
  await query(admin, `insert into habits.habits (user_id, name) values ('${user}', 'walk')`);
  const asked = (id: string) =>
    `set request.jwt.claims = '{"sub":"${id}"}'; select name from habits.habits`;
  const rows = async (id: string): Promise<unknown> => {
    const client = new pg.Client({ connectionString: second });
    await client.connect();
    const answers: unknown = await client.query(asked(id));
    await client.end();
    return Array.isArray(answers) ? answers[1].rows : [];
  };
  expect(await rows(user)).toEqual([{ name: 'walk' }]);
  expect(await rows(randomUUID())).toEqual([]);
});

test('it may do no more than the first', async () => {
  for (const text of [
    'set role habits_owner',
    'create table habits.mine ()',
    'select from journal.entries',
    `update habits.alembic_version set version_num = 'x'`,
  ])
    await expect(query(second, text)).rejects.toThrow(/permission denied|does not exist/);
});

test('both passwords are valid at once; a cleared one ends no open session', async () => {
  expect([await canLogIn(loginOf(first)), await canLogIn(loginOf(second))]).toEqual([true, true]);
  const open = new pg.Client({ connectionString: first });
  await open.connect();
  await clearPassword(loginOf(admin), 'habits_service');
  expect((await open.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await open.end();
  expect([await canLogIn(loginOf(first)), await canLogIn(loginOf(second))]).toEqual([false, true]);
});
