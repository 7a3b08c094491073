import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const Claims = z.looseObject({
  exp: z.number().optional(),
  sub: z.string().optional(),
  role: z.string().optional(),
  session_id: z.string().optional(),
});
export type Claims = z.infer<typeof Claims>;

const Header = z.looseObject({ alg: z.string() });
type Parts = Readonly<Record<string, unknown>>;

/** An HS256 token as Supabase signs them. */
export function signJwt(claims: Parts, secret: string): string {
  const body = tokenBody({ alg: 'HS256', typ: 'JWT' }, claims);
  return `${body}.${signature(body, secret)}`;
}

/** The claims of a token that is ours and has not run out; undefined otherwise. */
export function verifyJwt(token: string, secret: string, now: Date): Claims | undefined {
  const [header, payload, given] = token.split('.');
  if (header === undefined || payload === undefined || given === undefined) return undefined;
  return same(given, signature(`${header}.${payload}`, secret))
    ? claimsWithin(token, now)
    : undefined;
}

/** What is signed of a token. */
export function tokenBody(header: Parts, claims: Parts): string {
  return [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

/** How a token says that it was signed; undefined where it is no token. */
export function headerOf(token: string): z.infer<typeof Header> | undefined {
  return Header.safeParse(parse(token.split('.')[0] ?? '')).data;
}

/** A token's claims, whoever signed it; undefined where it has run out. */
export function claimsWithin(token: string, now: Date): Claims | undefined {
  const claims = Claims.safeParse(parse(token.split('.')[1] ?? '')).data;
  const expired = claims?.exp !== undefined && claims.exp * 1000 <= now.getTime();
  return expired ? undefined : claims;
}

function signature(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
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
