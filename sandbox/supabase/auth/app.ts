import { Hono } from 'hono';
import { membersOf } from '../organizations.ts';
import type { ProjectRecord } from '../record.ts';
import { recordOf, type Room } from '../room.ts';
import { publicKeys } from '../signing.ts';
import { adminRoutes } from './admin-routes.ts';
import { AuthError } from './auth-error.ts';
import { AuthSettings, type Call, type Env, type Face, type Mailing } from './face.ts';
import { linkRoutes } from './link-routes.ts';
import { mailRoutes } from './mail-routes.ts';
import { publicSettings } from './public-settings.ts';
import { signupRoutes } from './signup-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { userRoutes } from './user-routes.ts';
import { verifyRoutes } from './verify-routes.ts';

// From this date on `code` is the name of the error, as supabase-js asks for.
const VERSION = 'x-supabase-api-version';
const NAMED_CODES_SINCE = '2024-01-01';

/** The Auth face of one project, at the root; rows live in schema `auth` of its Postgres. */
export function authApp(room: Room, ref: string): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (call, next) => {
    call.set('face', faceOf(room, ref));
    await next();
    if (asksForCodes(call)) call.header(VERSION, NAMED_CODES_SINCE);
  });
  app.get('/health', (call) => call.json({ name: 'GoTrue', version: 'windlass' }));
  app.get('/.well-known/jwks.json', (call) => {
    call.header('cache-control', 'public, max-age=600');
    return call.json(publicKeys(call.get('face').record));
  });
  app.get('/settings', (call) => call.json(publicSettings(call.get('face').settings)));
  const routes = [signupRoutes, tokenRoutes, verifyRoutes, mailRoutes, userRoutes];
  for (const add of [...routes, adminRoutes, linkRoutes]) add(app);
  app.notFound((call) => call.text('404 page not found', 404));
  app.onError(answerError);
  return app;
}

function faceOf(room: Room, ref: string): Face {
  const record = recordOf(room, ref);
  const live = room.lives.get(ref);
  if (live === undefined) throw new Error('the project is not up');
  return {
    record,
    settings: AuthSettings.parse(record.auth),
    pool: live.authPool,
    now: room.world.now(),
    url: room.doors.get(ref)?.url ?? '',
    ...(record.sendsMail && { mail: mailing(room, record) }),
  };
}

function mailing(room: Room, { ref, organization }: ProjectRecord): Mailing {
  const sent = room.sent.get(ref) ?? [];
  room.sent.set(ref, sent);
  return { members: membersOf(room, organization), port: room.mail.port, sent };
}

/** Clients read `code` only of an answer that says the version which they asked for. */
function asksForCodes(call: Call): boolean {
  const version = call.req.header(VERSION) ?? '';
  return /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= NAMED_CODES_SINCE;
}

function answerError(error: Error, call: Call): Response {
  if (!(error instanceof AuthError)) {
    return answerError(new AuthError(500, 'unexpected_failure', error.message), call);
  }
  const { status, code, message, more } = error;
  const body = asksForCodes(call)
    ? { code, message }
    : { code: status, error_code: code, msg: message };
  return call.json({ ...body, ...more }, status, { 'x-sb-error-code': code });
}
