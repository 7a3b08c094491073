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
  /** It works at the address that the database has now, which its secret does not name. */
  readonly moved?: true;
}

/**
 * The logins in the environment's secrets that do not open its database, by trying each. An address
 * that is only to come, `later`, is not tried: the login of another counts as moved.
 */
export async function deadLogins(
  site: Site,
  address: Address & { readonly later?: boolean },
): Promise<readonly DeadLogin[]> {
  const services = serviceSecrets(site.config).filter(({ source }) => source === 'database');
  const migrator = databaseServices(site.config).length > 0 ? [migratorSecret] : [];
  const tried = [...services.map(({ id }) => id), ...migrator].map(async (secret) => {
    const held = await heldLogin(site, secret);
    if (!held || (isAt(held, address) && (address.later || (await canLogIn(held))))) return [];
    const moved = address.later || (await movedTo(held, address));
    return [{ secret, role: held.user, ...(moved && ({ moved: true } as const)) }];
  });
  return (await Promise.all(tried)).flat();
}

/** A database made anew may have the old address: only logging in tells. */
export async function opens(held: Login, address: Address): Promise<boolean> {
  return isAt(held, address) && canLogIn(held);
}

/**
 * The login at the database's address of now, where it opens that with the password that it has: the
 * way there has changed, and nobody needs another password.
 */
export async function movedTo(held: Login, address: Address): Promise<Login | undefined> {
  if (isAt(held, address)) return undefined;
  const { host, port, tenant } = address;
  const moved = { ...held, host, port, tenant };
  return (await canLogIn(moved)) ? moved : undefined;
}

type Address = Pick<Login, 'host' | 'port' | 'tenant'>;

function isAt(held: Login, { host, port, tenant }: Address): boolean {
  return held.host === host && held.port === port && held.tenant === tenant;
}

/** The login that a secret's newest enabled version states; undefined where it has none. */
export async function heldLogin(site: Site, secret: string): Promise<Login | undefined> {
  const version = await unlessMissing(newestEnabled(site.google, secret));
  if (version === undefined) return undefined;
  const text = String(await accessVersion(site.google, { secret, version }));
  return loginOf(text, site.supabase.databaseCa);
}
