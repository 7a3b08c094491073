import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { World } from '../world.ts';
import { accounts } from './account-records.ts';
import { type Caller, GoogleError } from './http.ts';

export { idTokenRoutes, mintIdToken } from './id-tokens.ts';

const OWNER: Caller = { member: 'user:owner@sandbox', owner: true };
const LIFETIME_MS = 3_600_000; // what Google's own access tokens live
const AccessToken = z.object({ email: z.string(), expires: z.number() });

export interface MintedToken {
  readonly accessToken: string;
  readonly expireTime: Date;
}

/** The token that may do everything; made once per world. */
export function ownerToken(world: World): string {
  const kept = world.collection('owner', z.string());
  const token = kept.get('token') ?? `sandbox-owner-${randomBytes(24).toString('base64url')}`;
  if (kept.get('token') === undefined) kept.set('token', token);
  return token;
}

/** An access token that acts as one service account for `lifetimeMs` (default one hour). */
export function mintAccessToken(
  world: World,
  email: string,
  lifetimeMs: number = LIFETIME_MS,
): MintedToken {
  const tokens = world.collection('access-tokens', AccessToken);
  const now = world.now().getTime();
  for (const [token, { expires }] of tokens.list()) if (expires < now) tokens.delete(token);
  const accessToken = `ya29.sandbox-${randomBytes(24).toString('base64url')}`;
  const expires = now + lifetimeMs;
  tokens.set(accessToken, { email, expires });
  return { accessToken, expireTime: new Date(expires) };
}

/** Who an Authorization header stands for; 401 where there is none or it is not known. */
export function callerOf(world: World, authorizationHeader: string | undefined): Caller {
  const token = /^Bearer\s+(\S+)$/i.exec(authorizationHeader ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  if (token === ownerToken(world)) return OWNER;
  const found = world.collection('access-tokens', AccessToken).get(token);
  if (found === undefined || found.expires < world.now().getTime()) throw unauthenticated();
  const account = accounts(world).get(found.email);
  if (account === undefined || account.disabled === true) throw unauthenticated();
  return { member: `serviceAccount:${found.email}`, owner: false };
}

function unauthenticated(): GoogleError {
  return new GoogleError(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    { reason: 'authError' },
  );
}
