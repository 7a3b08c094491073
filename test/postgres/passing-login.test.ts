import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { canLogIn, withClient } from '../../src/postgres/connect.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { keepValid, passfileLine } from '../../src/postgres/passfile.ts';
import { freshDatabase } from '../setup/database.ts';
import { loginOf } from './login.ts';

/** A login whose renewals answer these names, one after the other. */
function passing(login: Login, users: readonly string[]): Login {
  let at = 0;
  const user = () => users[Math.min(at, users.length - 1)] ?? '';
  const renew = async (refused?: string) => {
    if (refused !== undefined) at += 1;
    return { user: user(), password: `of ${user()}` };
  };
  return { ...login, renew };
}

test('two programs that replace each other’s login both get in', async () => {
  await using database = await freshDatabase();
  const own = loginOf(database.url);
  const contested = passing(own, ['replaced_before', 'replaced_again', own.user]);
  const { rows } = await withClient(contested, (client) => client.query('select session_user'));
  expect(rows).toEqual([{ session_user: own.user }]);
  expect(await canLogIn(passing(own, ['no', 'role', 'of', own.user]))).toBe(false);
});

test('a program that logs in again after its login was renewed finds the password of now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'windlass-passfile-'));
  const path = join(folder, 'pgpass');
  const bare = { host: 'db', port: 5432, database: 'postgres', user: 'cli_login_postgres' };
  const login = { ...bare, password: 'first' };
  const answers = ['first', 'second', 'none', 'third:\\\\'];
  const renew = async () => {
    const password = answers.length > 1 ? (answers.shift() ?? '') : (answers[0] ?? '');
    if (password === 'none') throw new Error('nobody answers');
    return { user: bare.user, password };
  };
  const stop = keepValid({ ...login, renew }, { path, login }, 5);
  const last = passfileLine({ ...login, password: 'third:\\\\' });
  const said = () => readFile(path, 'utf8').catch(() => '');
  await vi.waitUntil(async () => (await said()) === last, { timeout: 5000 });
  expect(await said()).toBe(last);
  await stop();
  await rm(folder, { recursive: true });
});
