import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { SupabaseAccess, Waiting } from './access.ts';
import { callSupabase } from './client.ts';
import { learnSecret } from '../redaction/known.ts';

/** The project's keys, of either generation: the public one, and the one that passes every policy. */
export interface ProjectKeys {
  readonly anon: string;
  readonly serviceRole: string;
}

/**
 * Reads the project's API keys, revealed: the legacy ones as long as they are on, so that services
 * keep what they hold, else a publishable and a secret one.
 */
export async function readKeys(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<ProjectKeys> {
  const path = `/projects/${ref}/api-keys?reveal=true`;
  const call = { action: `read the keys of ${ref}`, path, answer: Keys };
  const keys = await callSupabase(access, call, waiting);
  const found = pair(keys, isLegacy('anon'), isLegacy('service_role'));
  const pairs = [found, pair(keys, ({ type }) => type === 'publishable', isSecret)];
  const complete = pairs.find(({ anon, serviceRole }) => anon !== '' && serviceRole !== '');
  if (complete === undefined) throw withoutKeys(ref);
  learnSecret(complete.serviceRole);
  return complete;
}

/** The secret that an older project signs its tokens with; undefined where it uses a key of its own. */
export async function readJwtSecret(
  access: SupabaseAccess,
  ref: string,
  waiting: Waiting = {},
): Promise<string | undefined> {
  const path = `/projects/${ref}/postgrest`;
  const call = { action: `read the JWT secret of ${ref}`, path, answer: Postgrest };
  const { jwt_secret: secret } = await callSupabase(access, call, waiting);
  if (secret) learnSecret(secret);
  return secret || undefined;
}

/** Whether a key is a token as well: those of the newer kind go into `apikey` alone. */
export function isToken(key: string): boolean {
  return !key.startsWith('sb_');
}

const Key = z.object({
  name: z.string(),
  type: z.string().nullish(),
  api_key: z.string().nullish(),
});
type Key = z.infer<typeof Key>;
const Keys = z.array(Key);
const Postgrest = z.object({ jwt_secret: z.string().nullish() });

// Before there was another kind the answer had no `type`.
function isLegacy(name: string): (key: Key) => boolean {
  return (key) => key.name === name && (key.type ?? 'legacy') === 'legacy';
}

function isSecret({ type }: Key): boolean {
  return type === 'secret';
}

type Is = (key: Key) => boolean;

function pair(keys: readonly Key[], isPublic: Is, isOwn: Is): ProjectKeys {
  const value = (is: Is): string => keys.find(is)?.api_key ?? '';
  return { anon: value(isPublic), serviceRole: value(isOwn) };
}

function withoutKeys(ref: string): Failure {
  return new Failure({
    code: 'SUPABASE_KEYS_MISSING',
    what: `The project ${ref} does not show its keys`,
    why: 'It has no publishable and secret key and its legacy keys are off, or the token may not see them.',
    fix: 'Make a publishable and a secret key in the project’s settings (API Keys), or use an owner’s token.',
  });
}
