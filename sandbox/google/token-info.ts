import type { World } from '../world.ts';
import { accounts } from './account-records.ts';
import { type Call, type Reply, type Route, ok } from './http.ts';
import { verifyIdToken } from './id-tokens.ts';
import { callerOf } from './tokens.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const PROGRAM = '764086051850-sandbox.apps.googleusercontent.com';

/**
 * Google's tokeninfo, by GET or by a form: whose a token is. A service account's access token says its
 * number and no email, for its scope is the cloud alone; a person's says both.
 */
export function tokenInfoRoutes(world: World): readonly Route[] {
  return ['/tokeninfo', '/oauth2/v3/tokeninfo'].flatMap((template) =>
    ['GET', 'POST'].map((method): Route => ({
      ...{ method, template, open: true },
      handle: (call) => info(world, call),
    })),
  );
}

function info(world: World, { query, raw }: Call): Reply {
  const form = new URLSearchParams(raw.toString());
  const access = query.get('access_token') ?? form.get('access_token');
  if (access === null) return ok(verifyIdToken(world, query.get('id_token') ?? ''));
  try {
    return ok(described(world, callerOf(world, `Bearer ${access}`).member));
  } catch {
    const body = { error: 'invalid_token', error_description: 'Invalid Value' };
    return { status: 400, body };
  }
}

function described(world: World, member: string): object {
  const [kind, email = ''] = member.split(':');
  const times = { exp: '4102444800', expires_in: '3599', access_type: 'online' };
  if (kind === 'serviceAccount') {
    const number = accounts(world).get(email)?.uniqueId ?? '';
    return { azp: number, aud: number, scope: SCOPE, ...times };
  }
  const scope = `openid https://www.googleapis.com/auth/userinfo.email ${SCOPE}`;
  const owner = { sub: '100000000000000000001', email, email_verified: 'true' };
  return { azp: PROGRAM, aud: PROGRAM, ...owner, scope, ...times };
}
