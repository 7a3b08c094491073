import { Hono } from 'hono';
import { proxy } from 'hono/proxy';
import { authApp } from './auth/app.ts';
import { keyRole } from './keys.ts';
import { type Listener, listen } from './listen.ts';
import { recordOf, type Room } from './room.ts';

// The links in mails are opened by browsers, which have no key.
const openPaths = new Set(['/auth/v1/verify', '/auth/v1/callback', '/auth/v1/authorize']);

/** Opens the project's public door, where `https://<ref>.supabase.co` is in the cloud. */
export async function openDoor(room: Room, ref: string): Promise<Listener> {
  const app = new Hono();
  app.use(async (call, next) => {
    const refusal = refuse(room, ref, new URL(call.req.url), call.req.header('apikey'));
    if (refusal === undefined) return next();
    return Response.json(refusal.body, { status: refusal.status });
  });
  app.route('/auth/v1', authApp(room, ref));
  app.all('/rest/v1/*', (call) => toRest(room, ref, call.req.raw));
  app.notFound((call) => call.json({ error: 'requested path is invalid' }, 404));
  return listen(app, recordOf(room, ref).ports.door);
}

interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

function refuse(room: Room, ref: string, url: URL, header?: string): Refusal | undefined {
  if (recordOf(room, ref).status === 'INACTIVE')
    return { status: 540, body: { message: 'Project paused' } };
  if (!room.lives.has(ref)) return { status: 503, body: { message: 'The project is coming up' } };
  if (openPaths.has(url.pathname)) return undefined;
  const apikey = header ?? url.searchParams.get('apikey');
  if (apikey === null)
    return {
      status: 401,
      body: {
        message: 'No API key found in request',
        hint: 'No `apikey` request header or url param was found.',
      },
    };
  if (keyRole(recordOf(room, ref), apikey) !== undefined) return undefined;
  const hint = 'Double check your Supabase `anon` or `service_role` API key.';
  return { status: 401, body: { message: 'Invalid API key', hint } };
}

function toRest(room: Room, ref: string, request: Request): Response | Promise<Response> {
  const rest = room.lives.get(ref)?.rest();
  if (rest === undefined)
    return Response.json({ message: 'The Data API is coming up' }, { status: 503 });
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  const apikey = headers.get('apikey') ?? url.searchParams.get('apikey') ?? '';
  url.searchParams.delete('apikey');
  if (!headers.has('authorization'))
    headers.set('authorization', `Bearer ${keyRole(recordOf(room, ref), apikey) ?? ''}`);
  const path = url.pathname.slice('/rest/v1'.length) || '/';
  const target = `http://127.0.0.1:${rest.port}${path}${url.search}`;
  return proxy(target, { raw: request, headers });
}
