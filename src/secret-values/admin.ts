import { ensureVersion } from '../gcp/secret-value.ts';
import { canLogIn } from '../postgres/connect.ts';
import { adminSecret, databaseOf } from '../site-database.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import { directConnection, resetPassword } from '../supabase/database.ts';
import { newPassword } from './password.ts';

/**
 * The admin's login, proven by logging in. Where it is missing or no longer works (a project made
 * anew, a crash between two calls) the password is reset and kept.
 */
export async function fillAdmin(
  site: Site,
  ref: string,
  signal: AbortSignal,
): Promise<DatabaseLogin> {
  const known = await databaseOf(site);
  if (known && (await canLogIn(known))) return known;
  const password = newPassword();
  await resetPassword(site.supabase, { ref, password }, { signal });
  const wanted = { secret: adminSecret, value: password, key: password };
  await ensureVersion(site.google, wanted, { signal });
  return { ...(await directConnection(site.supabase, ref, { signal })), password };
}
