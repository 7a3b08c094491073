import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';

/** A request as a stub saw it. */
export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A metadata server whose identity tokens name their audience. */
export async function metadataServer() {
  return listen((request, response) => {
    const audience = new URL(request.url ?? '', 'http://x').searchParams.get('audience') ?? '';
    response.statusCode = request.headers['metadata-flavor'] === 'Google' ? 200 : 403;
    response.end(token({ aud: audience }, 'google'));
  });
}

/** A server that answers every request with 200 `{}` and remembers it. */
export async function recorder() {
  const seen: Seen[] = [];
  const server = await listen((request, response) => {
    request.resume();
    seen.push({ path: request.url ?? '', headers: request.headers });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  return { ...server, seen };
}

/** An HS256 token, good for an hour. */
export function token(claims: Readonly<Record<string, unknown>>, key: string): string {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { exp, ...claims },
  ];
  const body = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, stop };
}
