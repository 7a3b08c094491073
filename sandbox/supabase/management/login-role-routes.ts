import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import pg from 'pg';
import { z } from 'zod';
import { queryAs } from '../postgres/sql.ts';
import type { ProjectRecord } from '../record.ts';
import type { Room } from '../room.ts';
import { ApiError } from './api-error.ts';
import { bodyOf, type Env, projectOf } from './session.ts';

const Asked = z.strictObject({ read_only: z.boolean() });

/** How long a login is good for; sessions that it began stay. */
const ttlSeconds = 300;

/**
 * `cli/login-role`: a login of the platform's own that may act as `postgres`, or read only. Each
 * call gives the role another password, so that an earlier one no longer opens; `DELETE` ends all.
 */
export function loginRoleRoutes(app: Hono<Env>, room: Room): void {
  const path = '/v1/projects/:ref/cli/login-role';
  app.post(path, async (call) => {
    const record = active(projectOf(room, call));
    const { read_only: readOnly } = await bodyOf(call, Asked);
    const member = readOnly ? 'supabase_read_only_user' : 'postgres';
    const password = randomBytes(18).toString('base64url');
    const role = `cli_login_${member}`;
    await queryAs(record, 'supabase_admin', { text: loginSql(role, member, password) });
    return call.json({ role, password, ttl_seconds: ttlSeconds }, 201);
  });
  app.delete(path, async (call) => {
    await queryAs(active(projectOf(room, call)), 'supabase_admin', { text: revocation });
    return call.json({ message: 'ok' });
  });
}

function loginSql(role: string, member: string, password: string): string {
  return `
do $$ begin
  if to_regrole('${member}') is null then
    create role ${member} nologin bypassrls;
    grant pg_read_all_data to ${member};
  end if;
  if to_regrole('${role}') is null then create role ${role}; end if;
  execute format('alter role ${role} login noinherit password %L valid until %L',
    ${pg.escapeLiteral(password)}, now() + interval '${ttlSeconds} seconds');
end $$;
grant ${member} to ${role} with inherit false, set true;`;
}

const revocation = `
do $$ declare one record; begin
  for one in select rolname from pg_roles where starts_with(rolname, 'cli_login_') loop
    execute format('drop owned by %I', one.rolname);
    execute format('drop role %I', one.rolname);
  end loop;
end $$`;

function active(record: ProjectRecord): ProjectRecord {
  if (record.status !== 'ACTIVE_HEALTHY')
    throw new ApiError(400, `Project is not active: ${record.status}`);
  return record;
}
