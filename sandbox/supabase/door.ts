import { Hono } from 'hono';
import { authApp } from './auth/app.ts';
import { bearerOf, isLegacy } from './keys.ts';
import { type Listener, listen } from './listen.ts';
import { askSocket } from './rest/ask-socket.ts';
import { recordOf, type Room } from './room.ts';

// The links in mails are opened by browsers, which have no key; keys to check by are for everybody.
const openPaths = new Set([
  ...['/auth/v1/verify', '/auth/v1/callback', '/auth/v1/authorize'],
  '/auth/v1/.well-known/jwks.json',
]);

/** Opens the project's public door, where `https://<ref>.supabase.co` is in the cloud. */
export async function openDoor(room: Room, ref: string): Promise<Listener> {
  const app = new Hono();
  app.use(async (call, next) => {
    const refusal = refuse(room, ref, call.req.raw);
    if (refusal === undefined) return next();
    return Response.json(refusal.body, { status: refusal.status });
  });
  const auth = new Hono().route('/auth/v1', authApp(room, ref));
  app.all('/auth/v1/*', async (call) => auth.fetch(await toAuth(room, ref, call.req.raw)));
  app.all('/rest/v1/*', (call) => toRest(room, ref, call.req.raw));
  app.notFound((call) => call.json({ error: 'requested path is invalid' }, 404));
  return listen(app, recordOf(room, ref).ports.door);
}

interface Refusal {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

function refuse(room: Room, ref: string, request: Request): Refusal | undefined {
  const record = recordOf(room, ref);
  if (record.status === 'INACTIVE') return { status: 540, body: { message: 'Project paused' } };
  if (!room.lives.has(ref)) return { status: 503, body: { message: 'The project is coming up' } };
  if (openPaths.has(new URL(request.url).pathname)) return undefined;
  const apikey = apikeyOf(request);
  if (apikey === undefined) return unauthorized(...noKey);
  if (bearerOf(record, apikey, room.world.now()) !== undefined) return undefined;
  const [message, hint] = isLegacy(record, apikey) ? legacyOff : wrongKey;
  return unauthorized(message, hint);
}

const noKey = [
  'No API key found in request',
  'No `apikey` request header or url param was found.',
] as const;
const wrongKey = ['Invalid API key', 'Double check your Supabase API key.'] as const;
const legacyOff = [
  'Legacy API keys are disabled',
  'Use the publishable and secret API keys, or enable the legacy ones in the dashboard.',
] as const;

function unauthorized(message: string, hint: string): Refusal {
  return { status: 401, body: { message, hint } };
}

function apikeyOf(request: Request): string | undefined {
  return (
    request.headers.get('apikey') ?? new URL(request.url).searchParams.get('apikey') ?? undefined
  );
}

/**
 * The headers as who its `apikey` stands for, where it names nobody by a token. Clients repeat the key
 * as a Bearer token; any other token is left to whoever checks it.
 */
function withBearer(room: Room, ref: string, request: Request): Headers {
  const apikey = apikeyOf(request);
  const given = request.headers.get('authorization');
  if (apikey === undefined || (given !== null && given !== `Bearer ${apikey}`))
    return request.headers;
  const headers = new Headers(request.headers);
  const bearer = bearerOf(recordOf(room, ref), apikey, room.world.now());
  headers.set('authorization', `Bearer ${bearer ?? ''}`);
  return headers;
}

async function toAuth(room: Room, ref: string, request: Request): Promise<Request> {
  const headers = withBearer(room, ref, request);
  const body = await request.arrayBuffer();
  const sent = body.byteLength === 0 ? {} : { body };
  return new Request(request.url, { method: request.method, headers, ...sent });
}

async function toRest(room: Room, ref: string, request: Request): Promise<Response> {
  const rest = room.lives.get(ref)?.rest();
  if (rest === undefined)
    return Response.json({ message: 'The Data API is coming up' }, { status: 503 });
  const url = new URL(request.url);
  const headers = withBearer(room, ref, request);
  url.searchParams.delete('apikey');
  const path = url.pathname.slice('/rest/v1'.length) || '/';
  const { method } = request;
  const body = await request.arrayBuffer();
  return askSocket(rest.socket, `${path}${url.search}`, { method, headers, body });
}
