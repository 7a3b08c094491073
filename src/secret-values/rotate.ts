import { randomBytes } from 'node:crypto';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { ensureSecondLogin, setRolePassword } from '../postgres/roles.ts';
import { ofWireUser } from '../postgres/wire-user.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { ServiceSecret } from '../services.ts';
import { databaseUrl } from './database-url.ts';
import { newPassword } from './password.ts';

interface Rotation {
  readonly secret: ServiceSecret;
  /** The version that the plan says the new value gets. */
  readonly planned: string | undefined;
  readonly admin: DatabaseLogin;
  readonly signal: AbortSignal;
}

/**
 * Adds a new value and answers its version; the old one stays valid. A role has one password, so a
 * database URL changes to the other of the service's two logins, which act as the same role.
 */
export async function rotateSecret(site: Site, rotation: Rotation): Promise<number> {
  const { secret, planned, signal } = rotation;
  const newest = await newestEnabled(site.google, secret.id);
  if (newest !== undefined && String(newest) === planned) return newest; // an earlier attempt did it
  const value =
    secret.source === 'database'
      ? await otherLogin(site, { ...rotation, newest })
      : randomBytes(32).toString('base64url');
  const wanted = { secret: secret.id, value, key: value };
  return (await ensureVersion(site.google, wanted, { signal })).version;
}

async function otherLogin(
  site: Site,
  { secret, admin, newest }: Rotation & { readonly newest: number | undefined },
): Promise<string> {
  const first = `${secret.service}_service`;
  const used = newest === undefined ? undefined : await userOf(site, secret.id, newest);
  const role = used === first ? `${first}_2` : first;
  await ensureSecondLogin(admin, secret.service);
  const password = newPassword();
  await setRolePassword(admin, { role, password });
  return databaseUrl({ ...admin, user: role, password });
}

/** The login that a version of a database secret states: its role, also where a pooler is named. */
export async function userOf(site: Site, secret: string, version: number): Promise<string> {
  const { username } = new URL(String(await accessVersion(site.google, { secret, version })));
  return ofWireUser(decodeURIComponent(username)).user;
}
