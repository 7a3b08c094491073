import { signJwt } from './jwt.ts';
import type { ProjectRecord } from './record.ts';

const TEN_YEARS_S = 10 * 365 * 24 * 3600;

/** The project's legacy key for a role: a JWT that lives ten years, the same at every call. */
export function legacyKey(record: ProjectRecord, role: 'anon' | 'service_role'): string {
  const iat = Math.floor(Date.parse(record.createdAt) / 1000);
  const claims = { iss: 'supabase', ref: record.ref, role, iat, exp: iat + TEN_YEARS_S };
  return signJwt(claims, record.jwtSecret);
}

/** The legacy key that an `apikey` stands for; undefined where the project does not know it. */
export function keyRole(record: ProjectRecord, apikey: string): string | undefined {
  const legacy = [legacyKey(record, 'anon'), legacyKey(record, 'service_role')];
  if (legacy.includes(apikey)) return apikey;
  const key = record.apiKeys.find((candidate) => candidate.apiKey === apikey);
  return key && legacyKey(record, key.type === 'secret' ? 'service_role' : 'anon');
}
