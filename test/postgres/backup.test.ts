import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpDatabase } from '../../src/postgres/dump.ts';
import { trialRestore } from '../../src/postgres/trial-restore.ts';
import { dropTrialDatabase } from '../../src/postgres/trial-database.ts';
import { alembic } from '../examples/alembic.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { temporaryFolder } from '../setup/process.ts';
import { loginOf } from './login.ts';

const services = ['journal', 'users'];
let database: ProjectDatabase;
let folder = '';
let admin = '';

beforeAll(async () => {
  database = await projectDatabase();
  folder = await temporaryFolder('dump');
  admin = database.urlOf('postgres');
  for (const service of services) await alembic(admin, service, 'upgrade', 'head');
  const user = randomUUID();
  await query(admin, `insert into auth.users (id, email) values ('${user}', 'a@x.test')`);
  await query(admin, `insert into journal.entries (user_id, body) values ('${user}', 'one')`);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database?.stop();
});

test('a dump restores to equal roles, policies, rows, sign-ins and Alembic versions', async () => {
  const file = join(folder, 'whole.dump');
  const dump = await dumpDatabase(loginOf(admin), { services, file });
  expect(dump.schemas).toEqual([...services, 'auth']);
  const copy = await trialRestore(loginOf(admin), { id: 'whole', file, services });
  const address = `${admin.slice(0, admin.lastIndexOf('/'))}/${copy.database}`;
  expect(await query(address, 'select email from auth.users')).toEqual([{ email: 'a@x.test' }]);
  expect(await query(address, 'select body from journal.entries')).toEqual([{ body: 'one' }]);
  expect(await query(address, 'select version_num from users.alembic_version')).toHaveLength(1);
  await dropTrialDatabase(loginOf(admin), 'whole');
});

test('a dump that lacks what was written meanwhile is no backup', async () => {
  const file = join(folder, 'stale.dump');
  await dumpDatabase(loginOf(admin), { services, file });
  await query(admin, `insert into auth.users (id, email) values ('${randomUUID()}', 'b@x.test')`);
  const trial = trialRestore(loginOf(admin), { id: 'stale', file, services });
  await expect(trial).rejects.toMatchObject({
    code: 'BACKUP_NOT_EQUAL',
    why: expect.stringContaining('auth.users'),
  });
  await dropTrialDatabase(loginOf(admin), 'stale');
});
