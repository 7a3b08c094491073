import { expect, onTestFinished, test } from 'vitest';
import { readHistories } from '../../src/postgres/revisions.ts';
import { sqlFiles } from './sql-files.ts';

test.each([
  ['a name without a number', { 'init.sql': 'select 1' }, /init\.sql: a file is called NNN_name/],
  ['two of one number', { '1_a.sql': '', '01_b.sql': '' }, /1_a\.sql and 01_b\.sql|01_b.*1_a/],
  ['a way back alone', { '1_a.down.sql': '' }, /there is no 1_a\.up\.sql/],
  ['one revision twice', { '1_a.sql': '', '1_a.up.sql': '' }, /are one revision, 1_a/],
  ['goose', { '1_a.sql': '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;' }, /both directions/],
  ['dbmate', { '1_a.sql': '-- migrate:up\n-- migrate:down\n' }, /both directions/],
  [
    'psql',
    { '1_a.sql': 'select 1;\n\\i other.sql\n' },
    /1_a\.sql, line 2: \\i is a command of psql/,
  ],
  ['copy', { '1_a.sql': 'copy t from stdin;\n1\n\\.\n' }, /line 1: copy from stdin/],
  ['a commit', { '1_a.sql': 'select 1;\ncommit;\nselect 2' }, /line 2: commit/],
  ['no file', { 'README.md': '' }, /there is no revision/],
])('%s is refused before anything is touched', async (_, all, why) => {
  const { folders, remove } = await sqlFiles('meals', all);
  onTestFinished(remove);
  await expect(readHistories(folders)).rejects.toMatchObject({ why: expect.stringMatching(why) });
});
