import { onTestFinished } from 'vitest';
import type { MigrationProgram } from '../../src/config/migrations.ts';
import { readHistories } from '../../src/postgres/revisions.ts';
import { programFiles } from './program-files.ts';

/** A first step of the schema meals, there and back. */
export const first = {
  '1.up.sql': 'create table dishes (id int primary key, name text); insert into dishes values (1)',
  '1.down.sql': 'drop table dishes',
};

/** What takes the last step back. */
export const down = ['node', 'migrate.mjs', 'down'];

/** The folders of a schema meals that a program moves; gone when the test ends. */
export async function made(
  files: Readonly<Record<string, string>>,
  program: Partial<MigrationProgram> = {},
) {
  const found = await programFiles('meals', files, program);
  onTestFinished(found.remove);
  return found.folders;
}

/** The revision that they lead to. */
export async function headOf(folders: Readonly<Record<string, string>>): Promise<string> {
  return (await readHistories(folders))['meals']?.head ?? '';
}
