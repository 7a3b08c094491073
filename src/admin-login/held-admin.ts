import { Failure } from '../failure.ts';
import { accessVersion, disableVersion, newestEnabled } from '../gcp/secrets.ts';
import { adminSecret } from '../login-secrets.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { sha256 } from '../releases/archive.ts';
import { loginOf } from '../secret-values/database-url.ts';
import type { Site } from '../site.ts';
import type { DatabaseAddress } from '../supabase/database.ts';

/** The login in the environment's secret; undefined where it holds none that the database takes. */
export async function workingAdmin(
  site: Site,
  address: DatabaseAddress,
): Promise<Login | undefined> {
  const held = await heldAdmin(site, address);
  return held && (await works(held.login)) ? held.login : undefined;
}

/** Disables a login that the database refuses, so that no later run tries it. */
export async function retireDeadAdmin(site: Site, address: DatabaseAddress): Promise<void> {
  const held = await heldAdmin(site, address);
  if (!held || (await works(held.login))) return;
  await disableVersion(site.google, { secret: adminSecret, version: held.version });
}

async function heldAdmin(site: Site, address: DatabaseAddress) {
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
  const { host, port, user, password } = login;
  const mark = sha256(`${host}:${port} ${user} ${password}`);
  if (refused.has(mark)) return false;
  if (await canLogIn(login)) return true;
  refused.add(mark);
  return false;
}

function noSecret(error: unknown): undefined {
  if (error instanceof Failure && error.code.endsWith('NOT_FOUND')) return undefined;
  throw error;
}
