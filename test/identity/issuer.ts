import { createSign, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

type Algorithm = 'RS256' | 'ES256' | 'EdDSA';

/**
 * A real OpenID Connect issuer on this machine: discovery, keys, and GitHub's way for a job to ask for
 * a token, whose claims the test decides.
 */
export async function openIssuer() {
  const pairs = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: generateKeyPairSync('ed25519'),
  };
  const claims: Record<string, unknown> = {};
  const job = { bearer: 'job-secret', claims };
  let url = '';
  const answers: Readonly<Record<string, (query: URLSearchParams) => object>> = {
    '/.well-known/openid-configuration': () => ({ issuer: url, jwks_uri: `${url}/keys` }),
    '/keys': () => ({
      keys: [
        ...Object.entries(pairs).map(([alg, { publicKey }]) => ({
          ...publicKey.export({ format: 'jwk' }),
          ...{ alg, kid: alg, use: 'sig' },
        })),
        { kty: 'oct', k: 'c2VjcmV0' },
      ],
    }),
    '/token': (query) => ({ value: token({ ...job.claims, aud: query.get('audience') }) }),
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    if (pathname === '/token' && request.headers.authorization !== `Bearer ${job.bearer}`)
      return json(response, 401, { message: 'who are you?' });
    const answer = answers[pathname]?.(searchParams);
    return json(response, answer ? 200 : 404, answer ?? {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the issuer has no port');
  url = `http://127.0.0.1:${address.port}`;

  /** A token with these claims over the usual ones. */
  function token(
    claims: Record<string, unknown>,
    alg: Algorithm = 'RS256',
    by?: KeyObject,
  ): string {
    const now = Math.floor(Date.now() / 1000);
    const usual = { iss: url, sub: 'repo:acme/app', iat: now, nbf: now, exp: now + 300 };
    const head = encode({ alg, kid: alg, typ: 'JWT' });
    const text = `${head}.${encode({ ...usual, ...claims })}`;
    return `${text}.${signatureOf(alg, text, by ?? pairs[alg].privateKey)}`;
  }

  return {
    url,
    token,
    job,
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.bearer,
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function signatureOf(alg: Algorithm, text: string, key: KeyObject): string {
  if (alg === 'RS256') return createSign('RSA-SHA256').update(text).sign(key, 'base64url');
  const form = alg === 'ES256' ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
  return sign(alg === 'ES256' ? 'sha256' : null, Buffer.from(text), form).toString('base64url');
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
