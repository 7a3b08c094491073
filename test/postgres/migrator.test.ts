import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { migratorRole } from '../../src/postgres/role-sql.ts';
import { setRolePassword } from '../../src/postgres/roles.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { history } from './history.ts';
import { loginOf } from './login.ts';

let database: ProjectDatabase;
let migrator = '';

beforeAll(async () => {
  database = await projectDatabase();
  const admin = loginOf(database.urlOf('postgres'));
  await setRolePassword(admin, { role: migratorRole, password: 'moving' });
  migrator = database.urlOf(migratorRole, 'moving');
});
afterAll(() => database?.stop());

describe('the migrator’s login', () => {
  test('takes a schema up and down again, and leaves all of it to the schema’s owner', async () => {
    const up = 'create table meals.t (a int)';
    const made = await history('meals', [{ up, down: 'drop table meals.t' }]);
    const login = loginOf(migrator);
    await runMigrations({ verb: 'upgrade', folders: made.folders }, { login });
    const owners = `select distinct relowner::regrole::text as owner from pg_class
      where relnamespace = 'meals'::regnamespace`;
    expect(await query(database.urlOf('postgres'), owners)).toEqual([{ owner: 'meals_owner' }]);
    const down = { verb: 'downgrade', folders: made.folders, at: { meals: null } } as const;
    expect(await runMigrations(down, { login })).toContainEqual({ service: 'meals', undone: 'r1' });
    await made.remove();
  });

  test.each([
    'select from auth.users',
    'create schema mine',
    'create table public.mine ()',
    'create role mine',
    'alter role meals_service password null',
    'set role meals_service',
    'set role postgres',
    'set role service_role',
  ])('may not: %s', async (text) => {
    await expect(query(migrator, text)).rejects.toMatchObject({ code: '42501' });
  });

  test('is nobody that a service may become', async () => {
    const service = query(database.urlOf('meals_service'), `set role ${migratorRole}`);
    await expect(service).rejects.toMatchObject({ code: '42501' });
  });
});
