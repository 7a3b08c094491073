import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { withClient } from '../../src/postgres/connect.ts';
import { contentSince } from '../../src/postgres/content-since.ts';
import { downgradeTo } from '../../src/postgres/downgrade.ts';
import { readPicture } from '../../src/postgres/picture.ts';
import { onSnapshot } from '../../src/postgres/snapshot.ts';
import { andLine, nothingWritten } from '../../src/postgres/written.ts';
import type { Draft } from './history.ts';
import { history } from './history.ts';
import { mealsDatabase, type MealsDatabase, table } from './meals-database.ts';

let database: MealsDatabase;
beforeAll(async () => {
  database = await mealsDatabase();
});
afterAll(() => database?.stop());
beforeEach(() => database.empty());

const column = 'alter table meals.t add column c int';
const dropColumn = 'alter table meals.t drop column c';
const users = 'insert into meals.t values (8)';
const bind = (text: string) => `    op.get_bind().exec_driver_sql("${text}")`;

/** What is said of a revision that went up and down again while users did something. */
async function roundTrip(draft: Draft, { meanwhile = 'select 1' } = {}) {
  const made = await history('meals', [table]);
  await database.sql(`set role meals_owner; ${table.up};
    create table meals.alembic_version (version_num varchar(32) primary key);
    insert into meals.alembic_version values ('r1')`);
  const { content, moment } = await onSnapshot(database.login, ({ client }) =>
    readPicture(client, ['meals']),
  );
  let written = nothingWritten;
  const onLine = (line: Parameters<typeof andLine>[1]) => (written = andLine(written, line));
  await made.write(2, draft);
  await database.upgrade(made.folders, { onLine });
  await database.sql(meanwhile);
  const stays = await downgradeTo(
    database.login,
    { meals: 'r1' },
    { folders: made.folders, run: { onLine } },
  );
  await made.remove();
  const found = await withClient(database.login, (client) =>
    contentSince(client, { tables: content, ...moment }, written),
  );
  return { ...found, stays };
}

describe('a table that a migration of ours', () => {
  test('did not write is as before, whatever users write', async () => {
    const found = await roundTrip({ up: column, down: dropColumn }, { meanwhile: users });
    expect(found).toEqual({ differs: [], unchecked: [], stays: [] });
  });

  test.each<[string, Draft]>([
    ['filled in a new column', { up: `${column}; update meals.t set c = 1`, down: dropColumn }],
    ['wrote as a whole', { up: `${column} default random() * 9`, down: dropColumn }],
  ])('%s, and nobody else, is as before', async (_, draft) => {
    // What the new column holds is the run's own and nobody's value: the way down is forced.
    const found = await roundTrip({ ...draft }, { meanwhile: 'update meals.t set c = null' });
    expect(found.differs).toEqual([]);
  });

  test.each<[string, string, Draft]>([
    ['deletes rows', '0, 1 before', { code: bind('delete from meals.t'), down: 'select 1' }],
    ['empties', '0, 1 before', { code: bind('truncate meals.t'), down: 'select 1' }],
    [
      'overwrites rows',
      'other values',
      { code: bind('update meals.t set a = 5'), down: 'select 1' },
    ],
    ['fills', '2, 1 before', { code: bind('insert into meals.t values (9)'), down: 'select 1' }],
    [
      'deletes and fills by code',
      'other values',
      {
        code: bind('do $x$ begin delete from meals.t; insert into meals.t values (3); end $x$'),
        down: 'select 1',
      },
    ],
    [
      'writes through a savepoint',
      'other values',
      {
        code: bind(
          'do $x$ begin begin update meals.t set a = 6; exception when others then null; end; end $x$',
        ),
        down: 'select 1',
      },
    ],
  ])('%s differs, and is named', async (name, told, draft) => {
    const { differs, unchecked } = await roundTrip(draft);
    // A savepoint's rows carry an id of their own: who wrote them is not known.
    const found = name.includes('savepoint') ? unchecked : differs;
    expect(found).toEqual([expect.stringContaining(`rows of meals.t: ${told}`)]);
  });

  test.each<[string, Draft, string]>([
    ['a row came', { code: bind('delete from meals.t where a = 1'), down: 'select 1' }, users],
    [
      'a row went',
      { code: bind('insert into meals.t values (9)'), down: 'select 1' },
      'delete from meals.t where a = 1',
    ],
    [
      'a row became another',
      { code: bind('insert into meals.t values (9)'), down: 'select 1' },
      'update meals.t set a = 4 where a = 1',
    ],
  ])('wrote, and users too (%s), is never called equal', async (_, draft, meanwhile) => {
    const { differs, unchecked } = await roundTrip(draft, { meanwhile });
    expect(differs).toEqual([]);
    expect(unchecked).toEqual([
      expect.stringMatching(/^rows of meals.t: .*; who wrote it is not known/),
    ]);
  });

  test.each<[string, string]>([
    [
      'by itself committed',
      `    with op.get_context().autocommit_block():\n        op.execute("delete from meals.t")`,
    ],
    [
      'wrote by another session',
      `    import os, psycopg\n    with psycopg.connect(os.environ["WINDLASS_DATABASE_URL"].replace("+psycopg", "")) as other:\n        other.execute("delete from meals.t")`,
    ],
  ])('%s is not called equal', async (_, code) => {
    const { differs, unchecked } = await roundTrip({ code, down: 'select 1' });
    expect([...differs, ...unchecked]).toEqual([
      expect.stringContaining('rows of meals.t: 0, 1 before'),
    ]);
  });

  test('was cut off while it wrote is not called equal', async () => {
    const cut = { ...nothingWritten, complete: false };
    await database.sql('create table meals.t (a int)');
    const before = await withClient(database.login, (client) => readPicture(client, ['meals']));
    await database.sql(users);
    const found = await withClient(database.login, (client) =>
      contentSince(client, { tables: before.content, ...before.moment }, cut),
    );
    expect(found.unchecked).toEqual([expect.stringContaining('rows of meals.t: 1, 0 before')]);
  });
});
