import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { reviewRevisions } from '../../src/migrations/review.ts';
import { startMigrations } from '../../src/postgres/migrations-process.ts';
import { readHistories } from '../../src/postgres/revisions.ts';

const folders = { meals: resolve(import.meta.dirname, '../../examples/wellness/meals') };

test('one program answers questions that were asked together, one after the other', async () => {
  using program = startMigrations();
  const [histories, reviews, again] = await Promise.all([
    readHistories(folders, program),
    reviewRevisions(folders, program),
    readHistories(folders, program),
  ]);
  expect(histories['meals']?.revisions.map(({ revision }) => revision)).toEqual(
    reviews['meals']?.map(({ revision }) => revision),
  );
  expect(again).toEqual(histories);
});

test('what is asked after a question that failed fails too, and says so', async () => {
  using program = startMigrations();
  const gone = { meals: '/nowhere' };
  await expect(readHistories(gone, program)).rejects.toMatchObject({
    code: 'MIGRATION_UNREADABLE',
  });
  await expect(reviewRevisions(folders, program)).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
  });
});

test('a stop ends the program, whatever it does', async () => {
  using program = startMigrations();
  const stop = new AbortController();
  stop.abort();
  const end = await program.carryOut({ args: ['status'], env: {} }, () => undefined, stop.signal);
  expect(end?.isTerminated).toBe(true);
});
