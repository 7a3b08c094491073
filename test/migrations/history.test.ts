import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { judgeFolders } from '../../src/migrations/judge-folders.ts';
import { runMigrations } from '../../src/postgres/alembic.ts';
import { currentRevisions } from '../../src/postgres/current-revisions.ts';
import { readHistories, refuseUnknown } from '../../src/postgres/revisions.ts';
import { query } from '../examples/database.ts';
import { history } from '../postgres/history.ts';
import { loginOf } from '../postgres/login.ts';
import { freshDatabase } from '../setup/database.ts';

test('a revision that reads rows is not refused: what it does to the copy decides', async () => {
  const folders = await written({
    '2_fill.py': revision('r2', 'r1', {
      up: `rows = op.get_bind().execute(sa.text("select id from meals.t")).fetchall()
    for row in rows:
        op.get_bind().execute(sa.text("update meals.t set a = 1"))`,
      down: 'op.execute("drop table meals.made")',
    }),
  });
  const { meals = [] } = await judgeFolders(folders);
  expect(meals[1]).toMatchObject({ judgedBy: 'effect', faults: [], takes: [] });
  expect(meals[1]?.unread[0]?.why).toContain('cannot be written as SQL without a database');
  // What it drops is asked of the rows: nobody can tell whether its upgrade made it.
  expect(meals[1]?.back.drops).toEqual([{ table: 'meals.made' }]);
  const [line] = await runMigrations({ verb: 'sql', folders, at: { meals: null } }, {});
  expect(line?.sql).toMatch(
    /create table meals\.t[^]*-- r2 cannot be written as SQL without a database/,
  );
});

test('code that runs only on a database is left to its effect, and its way back is not believed', async () => {
  const online = 'if not context.is_offline_mode():\n        op.execute("truncate meals.t")';
  const folders = await written({
    '2_up.py': revision('r2', 'r1', { up: online, down: 'op.execute("select 1")' }),
    '3_down.py': revision('r3', 'r2', { up: 'op.execute("select 1")', down: online }),
  });
  const { meals = [] } = await judgeFolders(folders);
  expect(meals[1]).toMatchObject({
    judgedBy: 'effect',
    unread: [{ statement: 'is_offline_mode', why: 'checks whether a database is present' }],
    back: { loses: [] },
  });
  expect(meals[2]).toMatchObject({
    judgedBy: 'text',
    back: { loses: [{ statement: 'is_offline_mode' }] },
  });
});

test('half a revision that commits on the way is refused', async () => {
  const folders = await written({
    '2_half.py': revision('r2', 'r1', {
      up: `op.execute("create table meals.a (b int)")
    with op.get_context().autocommit_block():
        op.execute("create table meals.c (d int)")`,
      down: 'op.execute("drop table meals.a")',
    }),
  });
  const { meals = [] } = await judgeFolders(folders);
  expect(meals[1]?.faults[0]).toMatch(/commits on the way .*take create table meals\.a/);
});

test('two files with one revision id are named', async () => {
  const twin = revision('r2', 'r1', { up: 'pass', down: 'pass' });
  const folders = await written({ '2_a.py': twin, '2_b.py': twin });
  await expect(readHistories(folders)).rejects.toMatchObject({
    code: 'MIGRATION_UNREADABLE',
    what: 'The migrations of meals cannot be read',
    why: expect.stringContaining('2_a.py and 2_b.py have one revision id, r2'),
  });
});

test.each([
  [
    'an import of a missing module',
    'import nowhere',
    /No module named 'nowhere'.*versions\/2_bad\.py, line 5/,
  ],
  ['a syntax error', 'def def', /SyntaxError.*versions\/2_bad\.py, line 5/],
])('%s names the file and the line', async (_, line, why) => {
  const good = revision('r2', 'r1', { up: 'pass', down: 'pass' });
  const folders = await written({ '2_bad.py': good.replace('revision =', `${line}\nrevision =`) });
  await expect(readHistories(folders)).rejects.toMatchObject({
    code: 'MIGRATION_UNREADABLE',
    why: expect.stringMatching(why),
  });
});

test('a squashed history is not called newer, an older release is', async () => {
  const histories = await readHistories(await written({}));
  const at = (deployed: readonly string[]) => () =>
    refuseUnknown(histories, { meals: 'r7' }, new Set(deployed));
  expect(at(['meals/r7'])).toThrow(
    expect.objectContaining({
      code: 'HISTORY_REWRITTEN',
      fix: expect.stringContaining('revision = "r7"'),
    }),
  );
  expect(at(['meals/r1', 'meals/r7'])).toThrow(expect.objectContaining({ code: 'SCHEMA_AHEAD' }));
});

test('two rows in a version table are noticed', async () => {
  await using database = await freshDatabase();
  await query(
    database.url,
    `create schema meals; create table meals.alembic_version (version_num text);
    insert into meals.alembic_version values ('r2'), ('r1')`,
  );
  await expect(currentRevisions(loginOf(database.url), ['meals'])).rejects.toMatchObject({
    code: 'VERSION_AMBIGUOUS',
    why: expect.stringContaining('names r1 and r2'),
  });
});

/** The folder of a service whose first revision makes a table, with these files beside it. */
async function written(files: Readonly<Record<string, string>>) {
  const made = await history('meals', [
    { up: 'create table meals.t (a int)', down: 'drop table meals.t' },
  ]);
  onTestFinished(made.remove);
  for (const [name, text] of Object.entries(files))
    await writeFile(join(made.folders['meals'] ?? '', 'migrations', 'versions', name), text);
  return made.folders;
}

function revision(id: string, below: string, body: { readonly up: string; readonly down: string }) {
  return `"""A revision of a test."""
import sqlalchemy as sa
from alembic import context, op

revision = "${id}"
down_revision = "${below}"
windlass = "expand"


def upgrade() -> None:
    ${body.up}


def downgrade() -> None:
    ${body.down}
`;
}
