import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { callDoor } from '../supabase/door.ts';
import type { Broom } from './remove-made.ts';
import { Thing } from './thing.ts';
import { userIdOf } from './user-id.ts';

/** The door of one command: an address of this machine, and the word that opens it. */
export interface AuthDoor {
  readonly url: string;
  readonly token: string;
  readonly close: () => void;
}

type Answer = readonly [status: number, body: unknown];
type Means = Pick<Broom, 'door' | 'login' | 'register'>;

/**
 * Opens a door to what only an admin of Auth may do, for as long as a command runs: it makes users
 * and their links, of addresses that nobody had before, and writes down what must be removed. The
 * key that it works with stays in this process.
 */
export async function openAuthDoor(means: Means): Promise<AuthDoor> {
  const token = randomBytes(32).toString('base64url');
  const own = new Set<string>();
  const server = createServer((request, response) => {
    const allowed = request.headers.authorization === `Bearer ${token}`;
    const answer = allowed ? answered(means, own, request).catch(broken) : refused;
    respond(response, answer).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, token, close };
}

async function respond(response: ServerResponse, answer: Answer | Promise<Answer>) {
  const [status, body] = await answer;
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

/** What the door does, by method and path. */
async function answered(means: Means, own: Set<string>, request: IncomingMessage): Promise<Answer> {
  const { method = '', url: path = '' } = request;
  const body: unknown = JSON.parse((await textOf(request)) || 'null');
  if (method === 'POST' && path === '/made') return note(means, own, body);
  if (method !== 'POST' || !adminPaths.has(path)) return unknown(method, path);
  const named = z.object({ email: z.email() }).safeParse(body);
  if (!named.success) return [400, { error: 'the body needs `email`, an address' }];
  const taken = await claim(means, own, named.data.email);
  if (taken) return taken;
  const said = await callDoor(means.door, { path, method, body, as: 'service_role' });
  return [said.status, said.body];
}

async function note(means: Means, own: Set<string>, body: unknown): Promise<Answer> {
  const thing = Thing.safeParse(body);
  if (!thing.success) return [400, { error: z.prettifyError(thing.error) }];
  if ('user' in thing.data) {
    const taken = await claim(means, own, thing.data.user);
    return taken ?? [201, {}];
  }
  await means.register.add(thing.data);
  return [201, {}];
}

/** Writes an address down, before its user is made; somebody's own is refused. */
async function claim(
  { login, register }: Means,
  own: Set<string>,
  email: string,
): Promise<Answer | undefined> {
  const address = email.toLowerCase();
  if (own.has(address)) return undefined;
  if ((await userIdOf(login, address)) !== undefined)
    return [409, { error: `${email} already exists, and would be removed afterwards` }];
  await register.add({ user: address });
  own.add(address);
  return undefined;
}

const adminPaths = new Set(['/auth/v1/admin/users', '/auth/v1/admin/generate_link']);
const refused: Answer = [401, { error: 'the token of WINDLASS_SMOKE is missing' }];

function unknown(method: string, path: string): Answer {
  return [
    404,
    {
      error: `this door has POST /made, POST ${[...adminPaths].join(', POST ')}, not ${method} ${path}`,
    },
  ];
}

function broken(error: unknown): Answer {
  return [500, { error: error instanceof Error ? error.message : String(error) }];
}

const most = 1024 * 1024; // bytes of a body

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > most) throw new Error('the body is too long');
    parts.push(bytes);
  }
  return Buffer.concat(parts).toString('utf8');
}
