import type { Standing } from '../deploy.ts';
import { Failure } from '../failure.ts';
import { accessVersion, disableVersion, enableVersion, listVersions } from '../gcp/secrets.ts';
import { canLogIn } from '../postgres/connect.ts';
import { setRolePassword } from '../postgres/roles.ts';
import type { ServiceSecret } from '../services.ts';
import { requireDatabase } from '../site-database.ts';
import type { Site } from '../site.ts';
import { loginOf } from './database-url.ts';
import { userOf } from './rotate.ts';

/**
 * Makes the versions that a standing pinned readable again, and its logins usable, so that a rollback
 * can go there: what `secrets retire` took away, or somebody by hand. Answers what was done, in words.
 */
export async function enableVersions(
  site: Site,
  secrets: readonly ServiceSecret[],
  { target, inForce }: { readonly target: Standing; readonly inForce: Standing },
): Promise<readonly string[]> {
  const told: string[] = [];
  for (const { id, source } of secrets) {
    const version = Number(target.secretVersions[id]);
    if (!version) continue;
    const state = (await listVersions(site.google, id)).find(
      ({ number }) => number === version,
    )?.state;
    if (state === undefined || state === 'DESTROYED') throw destroyed(id, version);
    const disabled = state === 'DISABLED';
    if (disabled) await enableVersion(site.google, { secret: id, version });
    try {
      const login = source === 'database' ? await enableLogin(site, { id, version }, inForce) : [];
      told.push(...(disabled ? [`${id}: version ${version} enabled`] : []), ...login);
    } catch (error) {
      // Only to read what it states: a version that helps nobody stays retired.
      if (disabled) await disableVersion(site.google, { secret: id, version });
      throw error;
    }
  }
  return told;
}

async function enableLogin(
  site: Site,
  { id, version }: { readonly id: string; readonly version: number },
  inForce: Standing,
): Promise<readonly string[]> {
  const value = String(await accessVersion(site.google, { secret: id, version }));
  const login = loginOf(value, site.supabase.databaseCa);
  if (await canLogIn(login)) return [];
  const now = Number(inForce.secretVersions[id]);
  if (now && now !== version && (await userOf(site, id, now)) === login.user)
    throw inUse(id, version, now, login.user);
  await setRolePassword(await requireDatabase(site), {
    role: login.user,
    password: login.password,
  });
  return [`${id}: ${login.user} has the password of version ${version} again`];
}

function inUse(id: string, version: number, now: number, user: string): Failure {
  return new Failure({
    code: 'LOGIN_IN_USE',
    what: `${user} cannot get the password of version ${version} of ${id} back`,
    why: `version ${now}, which is in use, has another password for the same login`,
    fix: 'Go back to a release that reads a later version (`windlass rollback -e ENVIRONMENT --to RELEASE`), or deploy a fixed release.',
  });
}

function destroyed(id: string, version: number): Failure {
  return new Failure({
    code: 'SECRET_VERSION_LOST',
    what: `Version ${version} of ${id} cannot be enabled`,
    why: 'it was destroyed, and its value with it',
    fix: 'Go back to a release that reads another version (`windlass rollback -e ENVIRONMENT --to RELEASE`), or deploy a fixed release.',
  });
}
