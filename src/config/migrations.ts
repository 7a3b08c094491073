import { join } from 'node:path';
import { z } from 'zod';

/** What a service's revisions are written for. */
const Tool = z.enum(['alembic', 'sql']);

/** `migrations` of a service: whether it has a schema, and what moves it. */
export const Migrations = z.union([
  z.boolean(),
  z.strictObject({
    tool: Tool.describe('alembic, or sql: files NNN_name.sql or NNN_name.up.sql and .down.sql'),
    path: z
      .string()
      .min(1)
      .optional()
      .describe(
        'folder of the SQL files (absent = `migrations` in `source`), or the one that holds alembic.ini (absent = `source`)',
      ),
  }),
]);
export type Migrations = z.infer<typeof Migrations>;

/** Where the revisions of a service lie, below the folder of windlass.yaml; undefined = nowhere. */
export interface MigrationFiles {
  readonly tool: z.infer<typeof Tool>;
  readonly folder: string;
}

/** Undefined where it has no schema, or names no folder for it. */
export function migrationFiles(service: {
  readonly source?: string | undefined;
  readonly migrations: Migrations;
}): MigrationFiles | undefined {
  const { source, migrations } = service;
  if (migrations === false) return undefined;
  const { tool, path } = migrations === true ? { tool: 'alembic' as const } : migrations;
  const usual = tool === 'sql' && source !== undefined ? join(source, 'migrations') : source;
  const folder = path ?? usual;
  return folder === undefined ? undefined : { tool, folder };
}
