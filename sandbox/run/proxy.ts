import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as send,
  type ServerResponse,
} from 'node:http';
import { z } from 'zod';
import { type InstanceAddress, requestAt } from './instance-address.ts';
import type { Refusal } from './invoker.ts';

/** What stands behind a proxy: who may come in, and which instance answers. */
export interface Upstream {
  readonly refuse: (request: IncomingMessage) => Refusal;
  /** Does the work with the port of a running instance; undefined where nothing serves. */
  readonly withInstance: (
    path: string,
    work: (target: Target) => Promise<void>,
  ) => Promise<void> | undefined;
}

/** Where a request goes; `broken` = the sandbox answers 500 in the revision's place. */
export interface Target {
  readonly address: InstanceAddress;
  readonly timeoutMs: number;
  readonly broken: boolean;
}

/** An open address of a service or of a tag. */
export interface Proxy {
  readonly port: number;
  close(): void;
}

// A connection of its own for each call: a kept one may be closed by the instance as it is reused.
const agent = new Agent({ keepAlive: false, maxSockets: 80 });

/** Opens an address on 127.0.0.1; where the wanted port is taken by somebody else, on another. */
export async function openProxy(wanted: number, upstream: Upstream): Promise<Proxy> {
  const server = createServer((request, response) => {
    void serve(upstream, request, response).catch(() => refuse(response, 503));
  });
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Google's front end answers it itself, before any service (Cloud Run, "Known issues"). */
const TAKEN_PATH = '/healthz';

async function serve(
  upstream: Upstream,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?');
  if (path === TAKEN_PATH) return refuse(response, 404);
  const refused = upstream.refuse(request);
  if (refused !== undefined) return refuse(response, refused);
  const work = upstream.withInstance(path, (target) =>
    target.broken ? breakdown(response) : forward(target, request, response),
  );
  if (work === undefined) return refuse(response, 503);
  await work;
}

function forward(
  { address, timeoutMs }: Target,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const { method, url } = request;
    const options = { ...requestAt(address), method, path: url, agent };
    const sent = send({ ...options, headers: forwardedHeaders(request) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    // Of the whole request, however much of its answer has been sent.
    const late = setTimeout(() => {
      giveUp(response);
      sent.destroy();
    }, timeoutMs);
    sent.once('error', () => refuse(response, 503));
    response.once('close', () => {
      clearTimeout(late);
      sent.destroy();
      resolve();
    });
    request.pipe(sent);
  });
}

function forwardedHeaders(request: IncomingMessage): Record<string, string | string[] | undefined> {
  return {
    ...request.headers,
    'x-forwarded-for': request.socket.remoteAddress,
    'x-forwarded-proto': 'https',
  };
}

async function breakdown(response: ServerResponse): Promise<void> {
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end('{"error":"the sandbox breaks this revision: fault smoke"}');
}

const words: Readonly<Record<number, readonly [title: string, text: string]>> = {
  401: ['Unauthorized', 'Your client does not have permission to the requested URL.'],
  403: ['Forbidden', 'Your client does not have permission to get this URL from this server.'],
  404: ['Page not found', 'The requested URL was not found on this server.'],
  503: ['Service Unavailable', 'The service has no revision that can answer.'],
};

/** As Google's front end says it, in plain text; of an answer that has begun the rest is missing. */
function giveUp(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(504, { 'content-type': 'text/plain' });
  response.end('upstream request timeout');
}

function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const [title = '', text = ''] = words[status] ?? [];
  const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
  response.writeHead(status, {
    'content-type': 'text/html; charset=UTF-8',
    ...(status === 401 ? challenge : {}),
  });
  response.end(
    `<html><head><title>${status} ${title}</title></head>` +
      `<body><h1>Error: ${title}</h1><h2>${text}</h2></body></html>`,
  );
}
