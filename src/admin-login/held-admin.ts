import { Failure } from '../failure.ts';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { adminSecret } from '../login-secrets.ts';
import type { Login } from '../postgres/connect.ts';
import { loginOf } from '../secret-values/database-url.ts';
import type { Site } from '../site.ts';
import type { DatabaseAddress } from '../supabase/database.ts';

/** The login in the environment's secret; undefined where it holds none. */
export async function heldAdmin(site: Site, address: DatabaseAddress): Promise<Login | undefined> {
  const version = await newestEnabled(site.google, adminSecret).catch(noSecret);
  if (version === undefined) return undefined;
  const text = String(await accessVersion(site.google, { secret: adminSecret, version }));
  if (!URL.canParse(text)) return { ...address, password: text };
  const { user, password } = loginOf(text, address.ca);
  return { ...address, user, password };
}

function noSecret(error: unknown): undefined {
  if (error instanceof Failure && error.code.endsWith('NOT_FOUND')) return undefined;
  throw error;
}
