import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { issuerKeys } from './issuer-keys.ts';
import type { Jwk } from './issuer-keys.ts';
import { refusal } from './refused.ts';

const leewaySeconds = 60; // between the clocks of issuer and worker
const longest = 16_384;

const Head = z.object({ alg: z.enum(['RS256', 'ES256', 'EdDSA']), kid: z.string().optional() });

/** What every token must say; what else it says is kept as text where it is text. */
const Claims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([
    z.string(),
    z
      .array(z.string())
      .length(1)
      .transform(([only = '']) => only),
  ]),
  exp: z.number(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** What a token must be for. */
export interface Wanted {
  readonly issuer: string;
  readonly audience: string;
}

/** The claims of a token whose signature, issuer, audience and times hold; a refusal otherwise. */
export async function verifyToken(token: string, wanted: Wanted): Promise<Claims> {
  const [head, payload, signature, ...rest] = token.trim().split('.');
  if (token.length > longest || !head || !payload || !signature || rest.length > 0)
    throw refusal('TOKEN_INVALID', 'it is not a signed token (JWT)');
  const { alg, kid } = parsed(Head, head, 'its head');
  const keys = (await issuerKeys(wanted.issuer)).filter((key) => fits(key, alg, kid));
  const signed = Buffer.from(`${head}.${payload}`);
  const bytes = Buffer.from(signature, 'base64url');
  if (!keys.some((key) => holds(alg, signed, keyOf(key), bytes)))
    throw refusal('TOKEN_INVALID', `no key of ${wanted.issuer} signed it`);
  const claims = parsed(Claims, payload, 'its claims');
  refuseOther(claims, wanted);
  return claims;
}

function fits(key: Jwk, wanted: string, id: string | undefined): boolean {
  const { kty, kid, use, alg } = key;
  if (id !== undefined && kid !== undefined && kid !== id) return false;
  if (use !== undefined && use !== 'sig') return false;
  if (alg !== undefined && alg !== wanted) return false;
  if (kty === 'RSA') return wanted === 'RS256';
  return wanted === (key.crv === 'P-256' ? 'ES256' : key.crv === 'Ed25519' ? 'EdDSA' : 'none');
}

function keyOf(key: Jwk): KeyObject {
  return createPublicKey({ key, format: 'jwk' });
}

function holds(alg: string, signed: Buffer, key: KeyObject, signature: Buffer): boolean {
  if (alg === 'ES256')
    return verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
  return verify(alg === 'RS256' ? 'sha256' : null, signed, key, signature);
}

function refuseOther({ iss, aud, exp, nbf, iat }: Claims, { issuer, audience }: Wanted): void {
  const now = Date.now() / 1000;
  if (iss !== issuer) throw refusal('TOKEN_INVALID', `its issuer is ${iss}, not ${issuer}`);
  if (aud !== audience)
    throw refusal('SIGNED_FOR_OTHER_DIGEST', `the token is for ${aud}, not for ${audience}`);
  if (exp + leewaySeconds < now)
    throw refusal('SIGNED_EXPIRED', `the token expired at ${new Date(exp * 1000).toISOString()}`);
  if (Math.max(nbf ?? 0, iat ?? 0) > now + leewaySeconds)
    throw refusal('TOKEN_INVALID', 'it is not valid yet: check the clocks');
}

function parsed<T>(shape: z.ZodType<T>, part: string, what: string): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(part, 'base64url').toString()));
  } catch {
    throw refusal('TOKEN_INVALID', `${what} cannot be read`);
  }
}
