import { randomBytes, randomUUID } from 'node:crypto';
import { signJwt } from './jwt.ts';
import type { ApiKey, ProjectRecord } from './record.ts';
import { signToken } from './signing.ts';

const TEN_YEARS_S = 10 * 365 * 24 * 3600;
const A_MINUTE_S = 60;

export type KeyRole = 'anon' | 'service_role';

/** The project's legacy key for a role: a JWT that lives ten years, the same at every call. */
export function legacyKey(record: ProjectRecord, role: KeyRole): string {
  const iat = Math.floor(Date.parse(record.createdAt) / 1000);
  const claims = { iss: 'supabase', ref: record.ref, role, iat, exp: iat + TEN_YEARS_S };
  return signJwt(claims, record.jwtSecret);
}

/** A key of the newer kind: no token, and told apart by its beginning. */
export function newApiKey(
  wanted: Pick<ApiKey, 'name' | 'type' | 'description'>,
  now: Date,
): ApiKey {
  const apiKey = `sb_${wanted.type}_${randomBytes(24).toString('base64url')}`;
  return { id: randomUUID(), ...wanted, apiKey, insertedAt: now.toISOString() };
}

/** What a request with this `apikey` may act as by itself; undefined where nobody knows the key. */
export function bearerOf(record: ProjectRecord, apikey: string, now: Date): string | undefined {
  if (isLegacy(record, apikey)) return legacyKeysOn(record) ? apikey : undefined;
  const key = record.apiKeys.find((candidate) => candidate.apiKey === apikey);
  if (key === undefined) return undefined;
  const role = key.type === 'secret' ? 'service_role' : 'anon';
  const iat = Math.floor(now.getTime() / 1000);
  return signToken(record, { iss: 'supabase', ref: record.ref, role, iat, exp: iat + A_MINUTE_S });
}

/** Whether it is one of the two legacy keys, be they on or off. */
export function isLegacy(record: ProjectRecord, apikey: string): boolean {
  return [legacyKey(record, 'anon'), legacyKey(record, 'service_role')].includes(apikey);
}

/** Projects of an older sandbox have them; a new one has them off. */
export function legacyKeysOn({ legacyKeys }: ProjectRecord): boolean {
  return legacyKeys !== false;
}
