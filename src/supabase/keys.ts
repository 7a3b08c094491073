import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';
import { learnSecret } from '../redaction/known.ts';

/** The project's keys: the public one, and the one that passes every row policy. */
export interface ProjectKeys {
  readonly anon: string;
  readonly serviceRole: string;
}

/** Reads the project's API keys, revealed. */
export async function readKeys(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<ProjectKeys> {
  const path = `/projects/${ref}/api-keys?reveal=true`;
  const call = { action: `read the keys of ${ref}`, path, answer: Keys };
  const keys = await callSupabase(access, call, waiting);
  const named = (name: string) => keys.find((key) => key.name === name)?.api_key ?? '';
  const [anon, serviceRole] = [named('anon'), named('service_role')];
  if (anon === '' || serviceRole === '') throw withoutKeys(ref);
  learnSecret(serviceRole);
  return { anon, serviceRole };
}

/** The secret that signs the project's sign-in tokens. */
export async function readJwtSecret(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<string> {
  const path = `/projects/${ref}/postgrest`;
  const call = { action: `read the JWT secret of ${ref}`, path, answer: Postgrest };
  const { jwt_secret: secret } = await callSupabase(access, call, waiting);
  if (secret === undefined) throw withoutKeys(ref);
  learnSecret(secret);
  return secret;
}

const Keys = z.array(z.object({ name: z.string(), api_key: z.string().nullish() }));
const Postgrest = z.object({ jwt_secret: z.string().optional() });

function withoutKeys(ref: string): Failure {
  return new Failure({
    code: 'SUPABASE_KEYS_MISSING',
    what: `The project ${ref} does not show its keys`,
    why: 'The anon and service_role keys or the JWT secret are disabled, or the token may not see them.',
    fix: 'Enable the legacy API keys in the project’s settings, or use an owner’s token.',
  });
}
