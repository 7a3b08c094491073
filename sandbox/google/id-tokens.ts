import {
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';
import type { World } from '../world.ts';
import { accounts } from './account-records.ts';
import { GoogleError, ok, type Route } from './http.ts';

const ISSUER = 'https://accounts.google.com';
const LIFETIME_S = 3600;
const KEY_ID = 'sandbox-1';

/** What an identity token says; times in seconds since 1970. */
export const IdClaims = z.object({
  iss: z.literal(ISSUER),
  aud: z.string(),
  azp: z.string(),
  sub: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  iat: z.number(),
  exp: z.number(),
});
export type IdClaims = z.infer<typeof IdClaims>;

/** A signed (RS256) identity token of a service account for one audience, good for an hour. */
export function mintIdToken(world: World, email: string, audience: string): string {
  const iat = Math.floor(world.now().getTime() / 1000);
  const sub = accounts(world).get(email)?.uniqueId ?? email;
  const claims: IdClaims = {
    iss: ISSUER,
    aud: audience,
    azp: sub,
    sub,
    email,
    email_verified: true,
    iat,
    exp: iat + LIFETIME_S,
  };
  const head = encode({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' });
  const signed = `${head}.${encode(claims)}`;
  const signature = createSign('RSA-SHA256').update(signed).sign(signingKey(world), 'base64url');
  return `${signed}.${signature}`;
}

/** The claims of a token signed by this world and still good; UNAUTHENTICATED otherwise. */
export function verifyIdToken(world: World, token: string): IdClaims {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const good = createVerify('RSA-SHA256')
    .update(`${head}.${payload}`)
    .verify(createPublicKey(signingKey(world)), signature, 'base64url');
  if (!good) throw new GoogleError('UNAUTHENTICATED', 'The identity token is not valid.');
  const claims = IdClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  if (claims.exp * 1000 < world.now().getTime()) {
    throw new GoogleError('UNAUTHENTICATED', 'The identity token has expired.');
  }
  return claims;
}

/** The public key as a JWKS, which answers without a token, as Google's does. */
export function idTokenRoutes(world: World): readonly Route[] {
  const keys = (): unknown => {
    const jwk = createPublicKey(signingKey(world)).export({ format: 'jwk' });
    return { keys: [{ ...jwk, alg: 'RS256', use: 'sig', kid: KEY_ID }] };
  };
  return [{ method: 'GET', template: '/oauth2/v3/certs', open: true, handle: () => ok(keys()) }];
}

function signingKey(world: World): KeyObject {
  const kept = world.collection('id-token-key', z.string());
  const pem = kept.get(KEY_ID);
  if (pem !== undefined) return createPrivateKey(pem);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  kept.set(KEY_ID, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
