import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { runMigrations } from '../../src/postgres/alembic.ts';
import type { MigrationLine, MigrationRun } from '../../src/postgres/alembic.ts';
import { currentRevisions } from '../../src/postgres/current-revisions.ts';
import { roleSql } from '../../src/postgres/role-sql.ts';
import { projectDatabase, query } from '../examples/database.ts';
import type { Draft } from './history.ts';
import { loginOf } from './login.ts';

/** A project’s database whose schema `meals` is migrated by one run, and what others do to it. */
export async function mealsDatabase() {
  const database = await projectDatabase();
  const admin = database.urlOf('postgres');
  const login = loginOf(admin);
  const sql = (text: string) => query(admin, text);
  const upgrade = (folders: Readonly<Record<string, string>>, run: MigrationRun = {}) =>
    runMigrations({ verb: 'upgrade', folders }, { login, runId, limits, ...run });
  const stands = async () => (await currentRevisions(login, ['meals']))['meals'];
  const left = () =>
    sql(`select from pg_stat_activity where application_name like 'windlass ${runId} %'`);
  const empty = async () => {
    await sql('drop schema if exists meals cascade');
    await sql(roleSql('meals'));
  };
  /** Waits until a query has a row. */
  const seen = async (text: string) => {
    while ((await sql(text)).length === 0) await pause(50);
  };
  /** A session of somebody who runs `text` in a transaction and goes for lunch. */
  const idle = async (text: string) => {
    const client = new pg.Client({ connectionString: admin, application_name: 'lunch' });
    await client.connect();
    await client.query('begin');
    await client.query(text);
    return client;
  };
  return { login, admin, sql, upgrade, stands, left, empty, seen, idle, stop: database.stop };
}

export type MealsDatabase = Awaited<ReturnType<typeof mealsDatabase>>;

export const runId = 'ffffffff-1111';
const limits = { lockTimeout: 1, patience: 60 };

/** A revision that makes `meals.t` with one row. */
export const table: Draft = {
  up: 'create table meals.t (a int); insert into meals.t values (1)',
  down: 'drop table meals.t',
};

/** The lines of a run, and the moment at which one of them is there. */
export function heard() {
  const lines: MigrationLine[] = [];
  const hears: (() => void)[] = [];
  const onLine = (line: MigrationLine) => {
    lines.push(line);
    for (const hear of hears) hear();
  };
  const until = (found: (line: MigrationLine) => boolean) =>
    new Promise<void>((resolve) => {
      hears.push(() => lines.some(found) && resolve());
    });
  return { lines, onLine, until };
}

/** What a promise is rejected with; undefined where it is not. */
export function rejection(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}
