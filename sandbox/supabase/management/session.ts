import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { z } from 'zod';
import { type ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';

/** What the middleware leaves for the routes: the organizations that the caller's token opens. */
export interface Env {
  Bindings: HttpBindings;
  Variables: { organizations: readonly string[] };
}
export type Call = Context<Env>;

/** The project in the path; 404 where there is none, 403 where the token does not open it. */
export function projectOf(room: Room, call: Call): ProjectRecord {
  const record = room.projects.get(call.req.param('ref') ?? '');
  if (record === undefined) throw new ApiError(404, 'Project not found');
  if (!call.get('organizations').includes(record.organization))
    throw new ApiError(403, 'Your account does not have the necessary privileges');
  return record;
}

/** The body, checked; a wrong or unknown field is a 400 that names it. */
export async function bodyOf<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await call.req.json().catch(() => undefined);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ApiError(400, lines.join('; '));
}
