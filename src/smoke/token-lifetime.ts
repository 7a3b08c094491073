import { z } from 'zod';

const Claims = z.object({ iat: z.number(), exp: z.number() });

/** How many seconds a JWT is valid, by its own claims. */
export function lifetimeOf(token: string): number {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { iat, exp } = Claims.parse(JSON.parse(payload));
  return exp - iat;
}
