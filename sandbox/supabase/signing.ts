import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { sign, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { type Claims, claimsWithin, headerOf, signJwt, tokenBody, verifyJwt } from './jwt.ts';
import type { ProjectRecord } from './record.ts';

type SigningKey = NonNullable<ProjectRecord['signingKey']>;

/** A new key for ES256, by which new projects sign their users' tokens. */
export function newSigningKey(now: Date): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  return { id: randomUUID(), createdAt: now.toISOString(), x, y, d };
}

/** A token of the project: by its key, or by the shared secret where it is older. */
export function signToken(
  { signingKey: key, jwtSecret }: ProjectRecord,
  claims: Readonly<Record<string, unknown>>,
): string {
  if (key === undefined) return signJwt(claims, jwtSecret);
  const body = tokenBody({ alg: 'ES256', kid: key.id, typ: 'JWT' }, claims);
  const privateKey = createPrivateKey({ key: privateJwk(key), format: 'jwk' });
  const made = sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${body}.${made.toString('base64url')}`;
}

/** The claims of a token that is the project's and has not run out; undefined otherwise. */
export function verifyToken(record: ProjectRecord, token: string, now: Date): Claims | undefined {
  const { signingKey: key, jwtSecret } = record;
  const alg = headerOf(token)?.alg;
  if (alg === 'HS256') return sharesSecret(record) ? verifyJwt(token, jwtSecret, now) : undefined;
  if (alg !== 'ES256' || key === undefined) return undefined;
  const end = token.lastIndexOf('.');
  const publicKey = createPublicKey({ key: publicJwk(key), format: 'jwk' });
  const made = Buffer.from(token.slice(end + 1), 'base64url');
  const body = Buffer.from(token.slice(0, end));
  const ours = verify('sha256', body, { key: publicKey, dsaEncoding: 'ieee-p1363' }, made);
  return ours ? claimsWithin(token, now) : undefined;
}

/** The keys that anybody may check tokens by; a shared secret is none of them. */
export function publicKeys({ signingKey }: ProjectRecord): { readonly keys: readonly object[] } {
  return { keys: signingKey === undefined ? [] : [shownKey(signingKey)] };
}

/** A public key as the API shows it. */
export function shownKey(key: SigningKey): object {
  const use = { alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true, kid: key.id };
  return { ...publicJwk(key), ...use };
}

/** What PostgREST checks tokens by. */
export function restSecret(record: ProjectRecord): string {
  const { signingKey, jwtSecret } = record;
  if (signingKey === undefined) return jwtSecret;
  const k = Buffer.from(jwtSecret).toString('base64url');
  const shared = sharesSecret(record) ? [{ kty: 'oct', alg: 'HS256', k }] : [];
  return JSON.stringify({ keys: [...publicKeys(record).keys, ...shared] });
}

/** Whether tokens by the shared secret count: the users' of an older project, or legacy keys. */
export function sharesSecret({ signingKey, legacyKeys }: ProjectRecord): boolean {
  return signingKey === undefined || legacyKeys !== false;
}

function publicJwk({ x, y }: SigningKey): JsonWebKey {
  return { kty: 'EC', crv: 'P-256', x, y };
}

function privateJwk(key: SigningKey): JsonWebKey {
  return { ...publicJwk(key), d: key.d };
}
