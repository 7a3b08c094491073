import type { Hono } from 'hono';
import { z } from 'zod';
import { restartRest } from '../life.ts';
import type { ProjectRecord, Settings } from '../record.ts';
import { change, recordOf, type Room } from '../room.ts';
import { sharesSecret } from '../signing.ts';
import { ApiError } from './api-error.ts';
import { mergedAuth, shownAuth } from './auth-config-merge.ts';
import { AuthConfigChange } from './auth-config-fields.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const PostgrestChange = z
  .strictObject({
    db_schema: z.string(),
    max_rows: z.int().min(0).max(1_000_000),
    db_extra_search_path: z.string(),
    db_pool: z.int().min(0).max(1000),
  })
  .partial();

/** `config/auth` and `postgrest`: both take effect at once. */
export function configRoutes(app: Hono<Env>, room: Room): void {
  app.get('/v1/projects/:ref/config/auth', (call) => call.json(shownAuth(projectOf(room, call))));
  app.patch('/v1/projects/:ref/config/auth', async (call) => {
    const { ref } = projectOf(room, call);
    const fields = Object.entries(await bodyOf(call, AuthConfigChange));
    const fault = room.world.faults.take('supabase');
    const applied = fault === undefined ? fields : fields.slice(0, Math.ceil(fields.length / 2));
    const auth = mergeAuth(room, ref, applied);
    if (fault !== undefined) throw new ApiError(400, 'Failed to update auth config');
    return call.json(shownAuth(auth));
  });
  app.get('/v1/projects/:ref/postgrest', (call) => {
    const record = projectOf(room, call);
    const shared = sharesSecret(record) ? { jwt_secret: record.jwtSecret } : {};
    return call.json({ ...record.postgrest, ...shared });
  });
  app.patch('/v1/projects/:ref/postgrest', async (call) => {
    const { ref, postgrest } = projectOf(room, call);
    const { db_schema, max_rows, db_extra_search_path, db_pool } = await bodyOf(
      call,
      PostgrestChange,
    );
    const next = {
      db_schema: db_schema ?? postgrest.db_schema,
      max_rows: max_rows ?? postgrest.max_rows,
      db_extra_search_path: db_extra_search_path ?? postgrest.db_extra_search_path,
      db_pool: db_pool ?? postgrest.db_pool,
    };
    change(room, ref, { postgrest: next });
    await restartRest(room, ref);
    return call.json(next);
  });
}

function mergeAuth(
  room: Room,
  ref: string,
  fields: readonly (readonly [string, Settings[string] | undefined])[],
): ProjectRecord {
  const before = recordOf(room, ref).auth;
  return change(room, ref, { auth: mergedAuth(before, Object.fromEntries(fields)) });
}
