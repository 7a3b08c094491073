import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { judgeFolders } from '../../src/migrations/judge-folders.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { temporaryFolder } from '../setup/process.ts';
import type { MealsDatabase } from './meals-database.ts';
import { mealsDatabase } from './meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

test.each([
  ['as `alembic init` writes it', `raise RuntimeError("reads sqlalchemy.url")\n`],
  ['that is not there', undefined],
])('revisions need no env.py of ours: one %s is not run', async (_, env) => {
  const folders = await plain(env);
  const { meals = [] } = await judgeFolders(folders);
  expect(meals.map(({ kind, faults, file }) => [kind, faults, file])).toEqual([
    ['expand', [], 'migrations/versions/one.py'],
  ]);
  await database.upgrade(folders);
  expect(await database.stands()).toBe('one');
  // The revision names no schema: its table is in the service's.
  expect(await database.sql('select from meals.plates')).toEqual([]);
  expect(await downgradeTo(database.login, { meals: null }, { folders })).toEqual([]);
  expect(await database.stands()).toBeNull();
});

async function plain(env: string | undefined) {
  const folder = await temporaryFolder('plain alembic');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const versions = join(folder, 'migrations', 'versions');
  await mkdir(versions, { recursive: true });
  const ini = `[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = driver://user:pass@localhost/dbname
`;
  await writeFile(join(folder, 'alembic.ini'), ini);
  if (env !== undefined) await writeFile(join(folder, 'migrations', 'env.py'), env);
  const text = `"""Plates."""
import sqlalchemy as sa
from alembic import op

revision = "one"
down_revision = None
windlass = "expand"


def upgrade() -> None:
    op.create_table("plates", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("plates")
`;
  await writeFile(join(versions, 'one.py'), text);
  return { meals: folder };
}
