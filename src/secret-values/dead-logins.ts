import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { migratorSecret } from '../login-secrets.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { databaseServices, serviceSecrets } from '../services.ts';
import type { Site } from '../site.ts';
import { loginOf } from './database-url.ts';

/** A login of the environment's own that its database does not take any more. */
export interface DeadLogin {
  readonly secret: string;
  readonly role: string;
}

/** The logins in the environment's secrets that do not open its database, by trying each. */
export async function deadLogins(
  site: Site,
  address: Pick<Login, 'host' | 'port'>,
): Promise<readonly DeadLogin[]> {
  const services = serviceSecrets(site.config).filter(({ source }) => source === 'database');
  const migrator = databaseServices(site.config).length > 0 ? [migratorSecret] : [];
  const tried = [...services.map(({ id }) => id), ...migrator].map(async (secret) => {
    const held = await heldLogin(site, secret);
    if (!held || (await opens(held, address))) return [];
    return [{ secret, role: held.user }];
  });
  return (await Promise.all(tried)).flat();
}

/** A database made anew may have the old address: only logging in tells. */
export async function opens(held: Login, { host, port }: Pick<Login, 'host' | 'port'>) {
  return held.host === host && held.port === port && canLogIn(held);
}

/** The login that a secret's newest enabled version states; undefined where it has none. */
export async function heldLogin(site: Site, secret: string): Promise<Login | undefined> {
  const version = await unlessMissing(newestEnabled(site.google, secret));
  if (version === undefined) return undefined;
  const text = String(await accessVersion(site.google, { secret, version }));
  return loginOf(text, site.supabase.databaseCa);
}
