import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
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

/** A server that remembers requests, and answers 200 `{}` where it is told nothing else. */
export async function recorder(answers: Readonly<Record<string, object | number>> = {}) {
  const seen: Seen[] = [];
  const server = await listen((request, response) => {
    request.resume();
    seen.push({ path: request.url ?? '', headers: request.headers });
    const answer = answers[request.url ?? ''] ?? {};
    if (typeof answer === 'number') response.statusCode = answer;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  return { ...server, seen };
}

type Claims = Readonly<Record<string, unknown>>;

/** An HS256 token, good for an hour. */
export function token(claims: Claims, key: string): string {
  const body = unsigned({ alg: 'HS256', typ: 'JWT' }, claims);
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

/** A key of the kind that new projects sign by: its tokens, and how the project shows it. */
export function signingKey() {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' };
  return {
    jwks: { keys: [jwk] },
    token: (claims: Claims): string => {
      const body = unsigned({ alg: 'ES256', kid, typ: 'JWT' }, claims);
      const made = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
      return `${body}.${made.toString('base64url')}`;
    },
  };
}

/** What of a token is signed; good for an hour. */
export function unsigned(header: Claims, claims: Claims): string {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return [header, { exp, ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
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
