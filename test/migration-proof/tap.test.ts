import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTap } from '../../src/migration-proof/tap.ts';
import { openClient } from '../../src/postgres/connect.ts';
import { type MealsDatabase, mealsDatabase } from '../postgres/meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());

test('a login is not kept waiting while the listener gets ready, its first statement is', async () => {
  const ready = Promise.withResolvers<void>();
  const heard: string[] = [];
  const tap = await openTap(database.login, {
    begins: () => ready.promise.then(() => void heard.push('ready')),
    before: async ({ text }) => void heard.push(text),
    after: async () => undefined,
  });
  const client = await openClient(tap.login); // clients give a login 15 s, a look at a table may take more
  const asked = client.query('select 1 as one');
  expect(heard).toEqual([]);
  ready.resolve();
  expect((await asked).rows).toEqual([{ one: 1 }]);
  expect(heard[0]).toBe('ready');
  expect(heard).toContain('select 1 as one');
  await client.end();
  await tap.close();
});
