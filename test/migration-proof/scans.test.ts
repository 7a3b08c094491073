import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { proveMigrations } from '../../src/migration-proof/prove.ts';
import { withClient } from '../../src/postgres/connect.ts';
import { readContent } from '../../src/postgres/content-digest.ts';
import type { TableContent } from '../../src/postgres/content-digest.ts';
import { type Draft, history } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase, rejection, runId } from '../postgres/meals-database.ts';
import { tables } from './prove-on.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(async () => {
  await database.empty();
  await database.sql(`set role meals_owner; ${tables.up ?? ''};
    alter table meals.t enable row level security; alter table meals.t force row level security;
    create table meals.alembic_version (version_num varchar(32) primary key);
    insert into meals.alembic_version values ('r1')`);
});

const filled: Draft = {
  up: `alter table meals.t add column c int; create policy windlass_fill on meals.t to meals_owner using (true);
    update meals.t set c = a; drop policy windlass_fill on meals.t`,
  down: 'alter table meals.t drop column c',
};

async function proveOn(content: readonly TableContent[]) {
  const made = await history('meals', [tables, filled]);
  const run = { runId, limits: { lockTimeout: 5, patience: 60 } };
  await proveMigrations(database.login, { folders: made.folders, run, content });
  await made.remove();
}

const backedUp = () =>
  withClient(database.login, (client) => readContent(client, { schemas: ['meals'] }));

/** Counts are there when the sessions that counted are gone. */
async function scans(): Promise<number> {
  await database.seen(`select where not exists (select from pg_stat_activity
    where application_name like 'windlass%' and pid <> pg_backend_pid())`);
  const [row] = await database.sql(
    `select seq_scan::int as n from pg_stat_user_tables where relid = 'meals.t'::regclass`,
  );
  return Number(row?.['n']);
}

test('a table that a revision writes is read at most once on each way, beside what the revision reads', async () => {
  const content = await backedUp();
  const before = await scans();
  await proveOn(content);
  const own = 2; // the update, on the way up and on the second
  expect((await scans()) - before - own).toBeLessThanOrEqual(2);
});

test('what the backup says of a table is what it is held against', async () => {
  const content = (await backedUp()).map((one) => ({ ...one, sum: '1' }));
  expect(await rejection(proveOn(content))).toMatchObject({
    code: 'MIGRATION_EFFECT',
    why: expect.stringContaining('meals.t holds other values (30 rows)'),
  });
});
