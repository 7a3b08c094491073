import { unlessMissing } from '../gcp/refusal.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { migratorRole } from '../postgres/role-sql.ts';
import { setRolePassword } from '../postgres/roles.ts';
import { databaseServices } from '../services.ts';
import { migratorSecret } from '../site-database.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import { databaseUrl, loginOf } from './database-url.ts';
import { newPassword } from './password.ts';

/** The migrator's login, proven by logging in; a new password where it is missing or dead. */
export async function fillMigrator(
  site: Site,
  admin: DatabaseLogin,
  signal: AbortSignal,
): Promise<void> {
  if (databaseServices(site.config).length === 0) return;
  if ((await newestVersion(site)) === undefined) return;
  const known = await heldLogin(site);
  if (known?.host === admin.host && known.port === admin.port && (await canLogIn(known))) return;
  const password = newPassword();
  await setRolePassword(admin, { role: migratorRole, password });
  const value = databaseUrl({ ...admin, user: migratorRole, password });
  const wanted = { secret: migratorSecret, value, key: admin.password };
  await ensureVersion(site.google, wanted, { signal });
}

/** Who changes schemas: the migrator; the admin where an older release left none. */
export async function whoMigrates(site: Site, admin: DatabaseLogin): Promise<Login> {
  return (await heldLogin(site)) ?? admin;
}

async function heldLogin(site: Site): Promise<Login | undefined> {
  const version = await newestVersion(site);
  if (!version) return undefined;
  const text = await accessVersion(site.google, { secret: migratorSecret, version });
  return loginOf(String(text), site.supabase.databaseCa);
}

/** 0 while it has none; undefined where an older release's foundation lacks the secret. */
async function newestVersion(site: Site): Promise<number | undefined> {
  const newest = newestEnabled(site.google, migratorSecret);
  return unlessMissing(newest.then((version) => version ?? 0));
}
