import type { Door } from '../supabase/door.ts';
import { probeRest } from '../supabase/rest.ts';
import type { Person } from '../row-security/probe-access.ts';
import { smokeFailure } from './ask.ts';

/** Through the REST door the owner sees the own profile, and a stranger does not see it. */
export async function checkOwnRows(
  door: Door,
  { owner, stranger }: { readonly owner: Person; readonly stranger: Person },
): Promise<string> {
  const path = `profiles?select=user_id&user_id=eq.${owner.userId}`;
  const own = await rows(door, path, owner.token);
  if (own !== 1) throw smokeFailure('A user does not see the own profile', `${own} rows`);
  const foreign = await rows(door, path, stranger.token);
  if (foreign !== 0) throw smokeFailure('A user sees another’s profile', `${foreign} rows`);
  return 'row security: own rows seen, another’s not';
}

async function rows(door: Door, path: string, token: string): Promise<number> {
  const { status, body } = await probeRest(door, { schema: 'users', path, token });
  if (Array.isArray(body)) return body.length;
  throw smokeFailure(
    'The REST door refuses a signed-in user',
    `HTTP ${status} ${JSON.stringify(body)}`,
  );
}
