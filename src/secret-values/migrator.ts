import { unlessMissing } from '../gcp/refusal.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { newestEnabled } from '../gcp/secrets.ts';
import type { Login } from '../postgres/connect.ts';
import { migratorRole } from '../postgres/role-sql.ts';
import { setRolePassword } from '../postgres/roles.ts';
import { databaseServices } from '../services.ts';
import { migratorSecret } from '../login-secrets.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import { databaseUrl } from './database-url.ts';
import { heldLogin, movedTo, opens } from './dead-logins.ts';
import { newPassword } from './password.ts';

/** The migrator's login, proven by logging in; a new password where it is missing or dead. */
export async function fillMigrator(
  site: Site,
  admin: DatabaseLogin,
  signal: AbortSignal,
): Promise<void> {
  if (databaseServices(site.config).length === 0) return;
  if ((await newestVersion(site)) === undefined) return;
  const known = await heldLogin(site, migratorSecret);
  if (known && (await opens(known, admin))) return;
  const moved = known?.user === migratorRole ? await movedTo(known, admin) : undefined;
  const password = moved?.password ?? newPassword();
  if (!moved) await setRolePassword(admin, { role: migratorRole, password });
  const value = databaseUrl({ ...admin, user: migratorRole, password });
  const wanted = { secret: migratorSecret, value, key: password };
  await ensureVersion(site.google, wanted, { signal });
}

/** Who changes schemas: the migrator; the admin where there is none, or where it is refused. */
export async function whoMigrates(site: Site, admin: DatabaseLogin): Promise<Login> {
  const held = await heldLogin(site, migratorSecret);
  return held && (await opens(held, admin)) ? held : admin;
}

/** 0 while it has none; undefined where an older release's foundation lacks the secret. */
async function newestVersion(site: Site): Promise<number | undefined> {
  const newest = newestEnabled(site.google, migratorSecret);
  return unlessMissing(newest.then((version) => version ?? 0));
}
