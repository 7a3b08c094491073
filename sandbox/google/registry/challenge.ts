import type { World } from '../../world.ts';
import { type Call, type Caller, GoogleError, ok, type Reply } from '../http.ts';
import { callerOf } from '../tokens.ts';

const USER = 'oauth2accesstoken'; // the user name under which Google's registries take access tokens
const LIFETIME_S = 3600;

/** Who calls the registry: `Bearer TOKEN`, or `Basic` with the user `oauth2accesstoken`. */
export function registryCaller(world: World, { headers }: Call): Caller {
  return callerOf(world, bearerOf(headers.authorization));
}

/** 401 with the address of the token endpoint, as every registry client expects its first answer. */
export function challenge({ headers, path }: Call): Reply {
  const service = headers.host ?? '127.0.0.1';
  const [, name] = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(path) ?? [];
  const scope = name === undefined ? '' : `,scope="repository:${name}:pull,push"`;
  return {
    status: 401,
    headers: {
      'www-authenticate': `Bearer realm="http://${service}/v2/token",service="${service}"${scope}`,
      'docker-distribution-api-version': 'registry/2.0',
    },
    body: { errors: [{ code: 'UNAUTHORIZED', message: 'Unauthenticated request.' }] },
  };
}

/** `GET /v2/token`: whoever shows an access token gets it back as the registry's own. */
export function exchangeToken(world: World, call: Call): Reply {
  const bearer = bearerOf(call.headers.authorization);
  try {
    callerOf(world, bearer);
  } catch (error) {
    if (!(error instanceof GoogleError)) throw error;
    return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message: error.message }] } };
  }
  const token = bearer?.replace(/^Bearer\s+/i, '');
  return ok({
    ...{ token, access_token: token, expires_in: LIFETIME_S },
    issued_at: world.now().toISOString(),
  });
}

function bearerOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic\s+(\S+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return authorization;
  const [user, password] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s);
  return user === USER ? `Bearer ${password}` : undefined;
}
