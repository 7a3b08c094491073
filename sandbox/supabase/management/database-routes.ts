import type { Hono } from 'hono';
import pg from 'pg';
import { z } from 'zod';
import { queryAs } from '../postgres/sql.ts';
import type { ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const Query = z.strictObject({
  query: z.string().min(1),
  parameters: z.unknown().array().optional(),
  read_only: z.boolean().optional(),
});
const Password = z.strictObject({ password: z.string().min(4) });
const migrationsTable = 'supabase_migrations.schema_migrations';

/** SQL as `postgres`, the password, and the lists of backups and migrations. */
export function databaseRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/database';
  app.post(`${path}/query`, async (call) => {
    const record = active(projectOf(room, call));
    const { query, parameters, read_only: readOnly = false } = await bodyOf(call, Query);
    const values = parameters === undefined ? {} : { values: parameters };
    return call.json(await sql(record, { text: query, ...values, readOnly }), 201);
  });
  app.patch(`${path}/password`, async (call) => {
    const record = active(projectOf(room, call));
    const { password } = await bodyOf(call, Password);
    const text = `alter role postgres with password ${pg.escapeLiteral(password)}`;
    await queryAs(record, 'supabase_admin', { text });
    return call.json({ message: 'Successfully updated password' });
  });
  app.get(`${path}/backups`, (call) => {
    const { region } = projectOf(room, call);
    const flags = { walg_enabled: true, pitr_enabled: false };
    return call.json({ region, ...flags, backups: [], physical_backup_data: {} });
  });
  app.get(`${path}/migrations`, async (call) =>
    call.json(await migrations(active(projectOf(room, call)))),
  );
}

async function migrations(record: ProjectRecord): Promise<unknown[]> {
  const text = `select to_regclass('${migrationsTable}') is not null as present`;
  const [known] = z
    .object({ present: z.boolean() })
    .array()
    .parse(await sql(record, { text }));
  if (known?.present !== true) return [];
  return sql(record, {
    text: `select version, coalesce(name, '') as name from ${migrationsTable}`,
  });
}

async function sql(
  record: ProjectRecord,
  query: Parameters<typeof queryAs>[2],
): Promise<unknown[]> {
  try {
    return await queryAs(record, 'postgres', query);
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? `${error.code}: ` : '';
    const message = error instanceof Error ? error.message : String(error);
    throw new ApiError(400, `Failed to run sql query: ERROR:  ${code}${message}`);
  }
}

function active(record: ProjectRecord): ProjectRecord {
  if (record.status !== 'ACTIVE_HEALTHY')
    throw new ApiError(400, `Project is not active: ${record.status}`);
  return record;
}
