import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { held } from '../../src/held.ts';
import { alembic } from '../examples/alembic.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { temporaryFolder } from '../setup/process.ts';
import { takeTestDump } from './backed-up.ts';
import { loginOf } from './login.ts';
import { startWriting } from './writer.ts';

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
  const dump = await takeTestDump(loginOf(admin), folder, services);
  expect(await dump.tryIt()).toEqual([]);
  const rows = dump.picture.content.map(({ table, rows: n }) => [table, n]);
  expect(rows).toContainEqual(['auth.users', '1']);
  expect(rows).toContainEqual(['journal.entries', '1']);
  expect(dump.picture.revisions).toEqual({
    journal: expect.stringMatching(/./),
    users: expect.stringMatching(/./),
  });
  expect(await trialDatabases()).toEqual([]);
});

test('a service that has no schema and no roles yet keeps nobody from a backup', async () => {
  const dump = await takeTestDump(loginOf(admin), folder, [...services, 'brand_new']);
  expect(await dump.tryIt()).toEqual([]);
  const roles = `select rolname from pg_roles where rolname like 'brand%'`;
  expect(await query(admin, roles)).toEqual([]);
});

test('nothing of a dump lies on a disk in plain text', async () => {
  const { file } = await takeTestDump(loginOf(admin), folder, services);
  const bytes = await readFile(file);
  expect(bytes.subarray(0, 18).toString()).toBe('windlass sealed 2\n');
  expect(bytes.includes('PGDMP') || bytes.includes('entries')).toBe(false);
});

test('users who write to several tables all the while do not keep a backup from being equal', async () => {
  await query(admin, 'create table journal.busy (n int primary key, note text)');
  await query(
    admin,
    `insert into journal.busy select n, repeat('x', 500) from generate_series(1, 60000) n`,
  );
  const writing = startWriting(admin);
  try {
    const dump = await takeTestDump(loginOf(admin), folder, services);
    expect(await dump.tryIt()).toEqual([]);
  } finally {
    await query(admin, 'drop table journal.busy');
    expect(await writing.stop()).toBeGreaterThan(20);
  }
});

test('a dump that lacks a row of its snapshot is no backup', async () => {
  const dump = await takeTestDump(loginOf(admin), folder, services);
  const content = dump.picture.content.map((one) => ({ ...one, rows: `${one.rows}7` }));
  await expect(dump.tryIt({ ...dump.picture, content })).rejects.toMatchObject({
    code: 'BACKUP_NOT_EQUAL',
    why: expect.stringContaining('77'),
  });
  expect(await trialDatabases()).toEqual([]);
});

async function trialDatabases() {
  return query(admin, `select datname from pg_database where datname like 'windlass_trial%'`);
}

test.each([
  ['table', 'drop table journal.passing'],
  ['schema', 'drop schema passing cascade'],
])('a %s that somebody drops under the dump is left to the next snapshot', async (_, drop) => {
  await query(
    admin,
    'create table journal.passing (n int); create schema passing; create table passing.t (n int)',
  );
  const dropping = new pg.Client({ connectionString: admin });
  await dropping.connect();
  await dropping.query(`begin; ${drop}`);
  const taking = held(takeTestDump(loginOf(admin), folder, services));
  const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'LOCK TABLE%'`;
  while ((await query(admin, waits)).length === 0) await pause(50);
  await dropping.query('commit');
  await dropping.end();
  const dump = await taking;
  await query(admin, 'drop table if exists journal.passing; drop schema if exists passing cascade');
  expect(dump.picture.content.map(({ table }) => table)).not.toContain(
    drop.includes('table') ? 'journal.passing' : 'passing.t',
  );
  expect(await dump.tryIt()).toEqual([]);
});
