import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const Claims = z.looseObject({
  exp: z.number().optional(),
  sub: z.string().optional(),
  role: z.string().optional(),
  session_id: z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

/** An HS256 token as Supabase signs them. */
export function signJwt(claims: Readonly<Record<string, unknown>>, secret: string): string {
  const body = [{ alg: 'HS256', typ: 'JWT' }, claims].map(encode).join('.');
  return `${body}.${signature(body, secret)}`;
}

/** The claims of a token that is ours and has not run out; undefined otherwise. */
export function verifyJwt(token: string, secret: string, now: Date): Claims | undefined {
  const [header, payload, given] = token.split('.');
  if (header === undefined || payload === undefined || given === undefined) return undefined;
  if (!same(given, signature(`${header}.${payload}`, secret))) return undefined;
  const claims = Claims.safeParse(parse(payload)).data;
  const expired = claims?.exp !== undefined && claims.exp * 1000 <= now.getTime();
  return expired ? undefined : claims;
}

function signature(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function parse(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
