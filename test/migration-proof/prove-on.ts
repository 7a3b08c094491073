import type { MealsDatabase } from '../postgres/meals-database.ts';
import { runId } from '../postgres/meals-database.ts';
import { proveMigrations } from '../../src/migration-proof/prove.ts';
import { type Draft, history } from '../postgres/history.ts';

/** Two tables with rows. */
export const tables: Draft = {
  up: `create table meals.t (a int, n text); insert into meals.t select i, 'x' from generate_series(1, 30) as i;
    create table meals.other (a int unique); insert into meals.other values (1)`,
  down: 'drop table meals.t; drop table meals.other',
};
export const column = 'alter table meals.t add column c int';
export const dropColumn = 'alter table meals.t drop column c';

/**
 * What is seen of a revision on top of `before`, which has been applied. Its users may wait for
 * `lockTimeout` seconds, by default longer than a busy machine makes of a moment.
 */
export async function prove(
  database: MealsDatabase,
  draft: Draft,
  before: Draft = tables,
  lockTimeout = 20,
) {
  return proveOn(database, [before, draft], lockTimeout);
}

/** The same of all revisions on top of the first, which has been applied. */
export async function proveOn(
  database: MealsDatabase,
  drafts: readonly [Draft, ...Draft[]],
  lockTimeout = 20,
) {
  const [before] = drafts;
  const made = await history('meals', drafts);
  await database.sql(`set role meals_owner; ${(before.up ?? '').replaceAll(';;', ';')};
    create table meals.alembic_version (version_num varchar(32) primary key);
    insert into meals.alembic_version values ('r1')`);
  try {
    const run = { runId, limits: { lockTimeout, patience: 30 } };
    return await proveMigrations(database.login, { folders: made.folders, run });
  } finally {
    await made.remove();
  }
}
