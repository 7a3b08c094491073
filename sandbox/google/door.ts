import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import type { World } from '../world.ts';
import { errorReply, notFound, type Reply, type Route, GoogleError } from './http.ts';
import { isLoopbackHost } from '../loopback-host.ts';
import { routeTable } from './routes.ts';
import { callerOf } from './tokens.ts';
import { brokenByFault, losesAck } from './door-faults.ts';
import { logWrite } from './write-log.ts';

/** An open http door on 127.0.0.1. */
export interface Door {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the routes, first match first, with identity, faults and Google's error bodies. */
export async function openDoor(world: World, routes: readonly Route[], port = 0): Promise<Door> {
  const find = routeTable(routes);
  const server = createServer((request, response) => {
    serve(world, find, request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 620_000; // as Google's front ends: a client never meets a closing door
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = boundPort(server);
  return { port: bound, url: `http://127.0.0.1:${bound}`, close: () => close(server) };
}

async function serve(
  world: World,
  find: ReturnType<typeof routeTable>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const raw = await bodyOf(request);
  const reply = await answer(world, find, request, raw).catch(refuse);
  if (request.method !== 'GET') world.flush();
  if (losesAck(world, request)) response.destroy();
  else send(request, response, reply);
}

async function answer(
  world: World,
  find: ReturnType<typeof routeTable>,
  request: IncomingMessage,
  raw: Buffer,
): Promise<Reply> {
  if (!isLoopbackHost(request.headers.host)) throw strangeHost();
  const method = request.method ?? 'GET';
  const { path, query } = target(request);
  const broken = await brokenByFault(world, method, path);
  if (broken !== undefined) return broken;
  const match = find(method, path);
  if (match === undefined) throw notFound(`The sandbox has nothing at ${method} ${path}`);
  const { route, params } = match;
  const caller =
    route.open === true
      ? { member: 'allUsers', owner: false }
      : callerOf(world, request.headers.authorization);
  const body = parse(request, raw);
  const reply = await route.handle({
    ...{ method, path, params, query, body, raw, headers: request.headers, caller },
  });
  logWrite(world, request, reply.status);
  return reply;
}

function strangeHost(): GoogleError {
  return new GoogleError(
    'PERMISSION_DENIED',
    'The sandbox answers to 127.0.0.1 and localhost only.',
  );
}

function refuse(error: unknown): Reply {
  const reply = errorReply(error);
  if (reply.status === 500) process.stderr.write(`${inspect(error)}\n`);
  return reply;
}

// The gRPC gateway of Google takes `$alt` and `alt`, `prettyPrint`, `fields`: we ignore them all.
function target(request: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return { path, query: new URLSearchParams(query) };
}

function parse(request: IncomingMessage, raw: Buffer): unknown {
  const type = request.headers['content-type'] ?? '';
  if (raw.length === 0 || !/^application\/json\b/.test(type)) return undefined;
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new GoogleError('INVALID_ARGUMENT', 'Invalid JSON payload received.');
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const json = reply.body === undefined ? undefined : Buffer.from(JSON.stringify(reply.body));
  const bytes = reply.raw ?? json ?? Buffer.alloc(0);
  response.writeHead(reply.status, {
    ...(json === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' }),
    'content-length': String(bytes.length),
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the door has no port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
