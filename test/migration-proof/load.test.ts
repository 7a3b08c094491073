import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockLines } from '../../src/migration-proof/lock-lines.ts';
import { held } from '../../src/held.ts';
import type { Draft } from '../postgres/history.ts';
import { type MealsDatabase, mealsDatabase, rejection } from '../postgres/meals-database.ts';
import { prove, tables } from './prove-on.ts';

// The limit of these proofs is a lock timeout of one second.
let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const twoColumns = (between: string): Draft => ({
  up: `alter table meals.t add column c int; ${between}; alter table meals.other add column c int; ${between}`,
  down: 'alter table meals.other drop column c; alter table meals.t drop column c',
});

test('a revision that writes a table anew is refused where its readers wait too long for it', async () => {
  const slowly = `create function meals.slowly(a int) returns bigint language plpgsql as
    'begin perform pg_sleep(0.05);; return a;; end'`;
  const before = { ...tables, up: `${tables.up ?? ''}; ${slowly}` };
  const type: Draft = {
    kind: 'contract',
    up: 'alter table meals.t alter column a type bigint using meals.slowly(a)',
    down: 'alter table meals.t alter column a type int',
  };
  expect(await rejection(prove(database, type, before, 1))).toMatchObject({
    code: 'MIGRATION_BLOCKS',
    why: expect.stringMatching(
      /^meals\/.*\(r2\) kept (readers|writers) of meals\.t waiting for \d\.\d s, longer than its lock timeout of 1 s \(alter table meals\.t alter column a type/,
    ),
    fix: expect.stringContaining('windlass_lock_timeout = "30s"'),
  });
});

test('several locks in one revision add up for the users of the first', async () => {
  const pausing = twoColumns('select pg_sleep(0.7)');
  expect(await rejection(prove(database, pausing, tables, 1))).toMatchObject({
    code: 'MIGRATION_BLOCKS',
    why: expect.stringMatching(/of meals\.(?:t|other) waiting for 1\.\d s/),
  });
});

test('a revision that is quick alone is refused where it holds one table while it waits for others', async () => {
  const three = { ...tables, up: `${tables.up ?? ''}; create table meals.third (a int)` };
  const quick: Draft = {
    says: 'windlass_lock_timeout = "3s"',
    up: ['t', 'other', 'third']
      .map((one) => `alter table meals.${one} add column c int`)
      .join('; '),
    down: ['third', 'other', 't'].map((one) => `alter table meals.${one} drop column c`).join('; '),
  };
  expect(await rejection(prove(database, quick, three))).toBeUndefined();
  await database.empty();
  const busy = held(rejection(prove(database, quick, three)));
  await database.seen(`select where to_regclass('meals.alembic_version') is not null`);
  const ends = await Promise.all(['meals.other', 'meals.third'].map((one) => reads(one, 1800)));
  expect(await busy).toMatchObject({
    code: 'MIGRATION_BLOCKS',
    why: expect.stringMatching(
      /of meals\.(?:t|other) waiting for \d\.\d s, longer than its lock timeout of 3 s/,
    ),
  });
  await Promise.all(ends.map((one) => one()));
});

test('its own word lets users wait longer', async () => {
  const says = { ...twoColumns('select pg_sleep(0.7)'), says: 'windlass_lock_timeout = "20s"' };
  const lines = lockLines(await prove(database, says));
  expect(lines).toEqual([
    expect.stringMatching(
      /^meals r2: meals\.t, AccessExclusiveLock for about \d+ ms; readers and writers wait \(on the copy: readers up to 1\d{3} ms, writers up to 1\d{3} ms\)$/,
    ),
    expect.stringMatching(/^meals r2: meals\.other, AccessExclusiveLock/),
  ]);
});

/** Somebody reads a table in a transaction, and ends it `ms` after a migration has come to wait for it. */
async function reads(table: string, ms: number): Promise<() => Promise<void>> {
  const reader = await database.idle(`select from ${table}`);
  const ends = held(
    (async () => {
      await database.seen(`select from pg_locks where not granted and relation = '${table}'::regclass
        and mode = 'AccessExclusiveLock'`);
      await pause(ms);
      await reader.end();
    })(),
  );
  return () => ends;
}
