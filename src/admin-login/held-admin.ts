import { Failure } from '../failure.ts';
import { unlessMissing } from '../gcp/refusal.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { accessVersion, disableVersion, newestEnabled } from '../gcp/secrets.ts';
import { adminSecret } from '../login-secrets.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { sha256 } from '../releases/archive.ts';
import { loginOf } from '../secret-values/database-url.ts';
import type { Site } from '../site.ts';
import type { DatabaseAddress } from '../supabase/database.ts';

/** Logins that had no secret to be kept in, by their database, with the text that it will hold. */
const unkept = new Map<string, { readonly login: Login; readonly value: string }>();

/**
 * The login in the environment's secret, or where that holds none that the database takes, the one
 * that this process made and could not keep; undefined where neither works.
 */
export async function workingAdmin(
  site: Site,
  address: DatabaseAddress,
): Promise<Login | undefined> {
  const held = await heldAdmin(site, address);
  if (held && (await works(held.login))) return following(site, address, held.login);
  const own = unkept.get(placeOf(address));
  return own && (await works(own.login)) ? own.login : undefined;
}

/** Keeps a login in the secret; before the foundation has made that, in this process. */
export async function keepAdmin(site: Site, login: Login, value: string): Promise<void> {
  unkept.set(placeOf(login), { login, value });
  refused.delete(markOf(login)); // it may have been given back
  await unlessMissing(ensureVersion(site.google, { secret: adminSecret, value, key: value }));
}

/** Puts into the secret, now that there is one, what only this process knew. */
export async function keepUnkept(site: Site, address: DatabaseAddress): Promise<void> {
  const own = unkept.get(placeOf(address));
  if (own && (await works(own.login))) await keepAdmin(site, own.login, own.value);
}

/** Disables a login that the database refuses, so that no later run tries it. */
export async function retireDeadAdmin(site: Site, address: DatabaseAddress): Promise<void> {
  const held = await heldAdmin(site, address);
  if (!held || (await works(held.login))) return;
  await disableVersion(site.google, { secret: adminSecret, version: held.version });
}

/**
 * The login, which where it is refused becomes what the secret holds by then: another program that
 * found none to work has made one and kept it.
 */
export function following(site: Site, address: DatabaseAddress, login: Login): Login {
  let now: Pick<Login, 'user' | 'password'> = login;
  const renew = async (refusedNow?: string) => {
    if (refusedNow === undefined || refusedNow !== now.password) return now;
    const held = await heldAdmin(site, address);
    if (held) now = { user: held.login.user, password: held.login.password };
    return now;
  };
  return { ...login, renew };
}

/** What the newest enabled version of the secret states, whether it works or not. */
export async function heldAdmin(site: Site, address: DatabaseAddress) {
  const version = await newestEnabled(site.google, adminSecret).catch(noSecret);
  if (version === undefined) return undefined;
  const text = String(await accessVersion(site.google, { secret: adminSecret, version }));
  if (!URL.canParse(text)) return { version, login: { ...address, password: text } };
  const { user, password } = loginOf(text, address.ca);
  return { version, login: { ...address, user, password } };
}

/** Passwords by their digest that were refused: Supabase bans an address that repeats wrong ones. */
const refused = new Set<string>();

async function works(login: Login): Promise<boolean> {
  if (refused.has(markOf(login))) return false;
  if (await canLogIn(login)) return true;
  refused.add(markOf(login));
  return false;
}

function markOf(login: Login): string {
  return sha256(`${placeOf(login)} ${login.user} ${login.password}`);
}

function placeOf({ host, port, tenant }: Pick<Login, 'host' | 'port' | 'tenant'>): string {
  return `${host}:${port} ${tenant ?? ''}`;
}

function noSecret(error: unknown): undefined {
  if (error instanceof Failure && error.code.endsWith('NOT_FOUND')) return undefined;
  throw error;
}
