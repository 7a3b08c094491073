import { afterAll, beforeAll, expect, test } from 'vitest';
import { withClient } from '../../src/postgres/connect.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { sweepTrialLogins, withTrialMigrator } from '../../src/postgres/trial-login.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { history } from './history.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let admin: Login;

beforeAll(async () => {
  database = await projectDatabase();
  admin = loginOf(database.urlOf('postgres'));
});
afterAll(() => database?.stop());

test('a trial migrates with a login that owns the schemas, and is gone with its password after it', async () => {
  const made = await history('meals', [
    { up: 'create table meals.t ()', down: 'drop table meals.t' },
  ]);
  const lent = await withTrialMigrator(admin, async (login) => {
    await runMigrations({ verb: 'upgrade', folders: made.folders }, { login, watcher: admin });
    return login;
  });
  expect(lent.password).not.toBe(admin.password);
  await expect(withClient(lent, async () => 'in')).rejects.toThrow('authentication failed');
  const owner =
    "select relowner::regrole::text as owner from pg_class where oid = 'meals.t'::regclass";
  expect(await query(database.urlOf('postgres'), owner)).toEqual([{ owner: 'meals_owner' }]);
  expect(await logins()).toEqual([]);
  await made.remove();
});

test.each([
  'create schema mine',
  'create role mine',
  'set role postgres',
  'alter role meals_service password null',
  'select from auth.users',
])('it may not: %s', async (text) => {
  const trying = withTrialMigrator(admin, (login) => withClient(login, (one) => one.query(text)));
  await expect(trying).rejects.toMatchObject({ code: '42501' });
  expect(await logins()).toEqual([]);
});

test('a sweep takes what a killed trial left, and no login that lives or belongs to somebody else', async () => {
  const name = (of: string) => `windlass_trial_login_${of}`;
  const mark = JSON.stringify({ windlass: 'trial-login' });
  for (const [of, until, comment] of [
    ['dead', '2020-01-01', mark],
    ['theirs', '2020-01-01', 'mine'],
    ['bare', '2020-01-01', undefined],
  ] as const) {
    await sql(`create role ${name(of)} valid until '${until}'`);
    if (comment) await sql(`comment on role ${name(of)} is '${comment}'`);
  }
  await withTrialMigrator(admin, async () => {
    expect(await sweepTrialLogins(admin)).toEqual([name('dead')]);
    expect(await logins()).toHaveLength(3);
  });
  for (const of of ['theirs', 'bare']) await sql(`drop role ${name(of)}`);
});

async function sql(text: string): Promise<unknown> {
  return query(database.urlOf('postgres'), text);
}

async function logins(): Promise<readonly unknown[]> {
  const like = "rolname like 'windlass\\_trial\\_login\\_%'";
  return query(database.urlOf('postgres'), `select rolname from pg_roles where ${like}`);
}
