import { join } from 'node:path';
import { z } from 'zod';
import { looksSecretWord } from './looks-secret.ts';
import { Patience } from './patience.ts';

const path = z.string().min(1).optional();
const words = z
  .array(z.string().min(1))
  .min(1)
  .superRefine((all, context) => {
    for (const [at, word] of all.entries())
      if (looksSecretWord(word))
        context.addIssue({
          code: 'custom',
          path: [at],
          message: 'looks like a secret, and other users of the machine can read it',
          params: { fix: 'The program gets its login by the variable DATABASE_URL: leave it out.' },
        });
  });

const Files = z.strictObject({
  tool: z
    .enum(['alembic', 'sql'])
    .describe('alembic, or sql: files NNN_name.sql or NNN_name.up.sql and .down.sql'),
  path: path.describe(
    'folder of the SQL files (absent = `migrations` in `source`), or the one that holds alembic.ini (absent = `source`)',
  ),
});

const Program = z.strictObject({
  tool: z.literal('command').describe('a program of yours, judged by what it does to a copy'),
  path: path.describe('folder that it is run in (absent = `migrations` in `source`)'),
  up: words.describe('program and arguments that bring the schema to the newest state'),
  down: words.optional().describe('takes back what the last `up` did; absent = it stays'),
  status: words
    .optional()
    .describe('is run after `up`, and fails where something is still to be done'),
  table: z
    .string()
    .regex(/^\w+$/, 'the name of a table in the schema of the service')
    .optional()
    .describe('table in which the program keeps what it has applied: its rows may change'),
  timeout: Patience.default(600).describe('how long each may take: 10m'),
});

/** What a program that moves a schema is called with. */
export type MigrationProgram = Pick<
  z.infer<typeof Program>,
  'up' | 'down' | 'status' | 'table' | 'timeout'
>;

/** `migrations` of a service: whether it has a schema, and what moves it. */
export const Migrations = z.union([
  z.boolean(),
  z.discriminatedUnion('tool', [Files, Program], {
    error: 'is none of the tools, which are alembic, sql and command',
  }),
]);
export type Migrations = z.infer<typeof Migrations>;

/** Where the revisions of a service lie, below the folder of windlass.yaml; undefined = nowhere. */
export interface MigrationFiles {
  readonly tool: 'alembic' | 'sql' | 'command';
  readonly folder: string;
  /** Of the tool `command`. */
  readonly program?: MigrationProgram;
}

/** Undefined where it has no schema, or names no folder for it. */
export function migrationFiles(service: {
  readonly source?: string | undefined;
  readonly migrations: Migrations;
}): MigrationFiles | undefined {
  const { source, migrations } = service;
  if (migrations === false) return undefined;
  const said = migrations === true ? { tool: 'alembic' as const } : migrations;
  const below = said.tool !== 'alembic' && source !== undefined;
  const usual = below ? join(source, 'migrations') : source;
  const folder = ('path' in said ? said.path : undefined) ?? usual;
  if (folder === undefined) return undefined;
  if (said.tool !== 'command') return { tool: said.tool, folder };
  const { tool, path: _, ...program } = said;
  return { tool, folder, program };
}
