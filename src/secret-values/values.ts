import { randomBytes } from 'node:crypto';
import { newestEnabled } from '../gcp/secrets.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import type { WantedSecret } from '../gcp/secret-value.ts';
import type { Login } from '../postgres/connect.ts';
import { ensureSecondLogin, setRolePassword } from '../postgres/roles.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { ServiceSecret } from '../services.ts';
import { readJwtSecret, readKeys } from '../supabase/keys.ts';
import { databaseUrl } from './database-url.ts';
import { heldLogin, movedTo, opens } from './dead-logins.ts';
import { refuseWithoutValue } from './external.ts';
import { newPassword } from './password.ts';

interface Source {
  readonly ref: string;
  readonly admin: DatabaseLogin;
  readonly signal: AbortSignal;
  /** Values of generated and external secrets that a backup kept, by id. */
  readonly kept?: Readonly<Record<string, { readonly value: string }>>;
}

/** Makes the function that fills one secret from its source and answers its version number. */
export async function valuesFor(site: Site, source: Source) {
  const keys = await readKeys(site.supabase, source.ref, { signal: source.signal });
  const jwt_secret = await readJwtSecret(site.supabase, source.ref, { signal: source.signal });
  const url = await site.supabase.projectUrl(source.ref);
  const open = { url, anon_key: keys.anon };
  // A project that signs by a key of its own has no secret to share; services ask its JWKS.
  const shared = jwt_secret === undefined ? {} : { jwt_secret };
  const whole = { ...open, service_role_key: keys.serviceRole, ...shared };
  const key = jwt_secret ?? keys.serviceRole;
  return async (secret: ServiceSecret): Promise<number> => {
    switch (secret.source) {
      case 'database':
        return filledUrl(site, secret, source);
      case 'supabase':
        return ensure(site, { secret: secret.id, value: JSON.stringify(whole), key }, source);
      case 'supabase-public':
        return ensure(site, { secret: secret.id, value: JSON.stringify(open), key }, source);
      case 'generated':
        return (
          (await newestEnabled(site.google, secret.id)) ??
          ensure(site, random(secret.id, source.kept?.[secret.id]?.value ?? newSecret()), source)
        );
      case 'external':
        return (await newestEnabled(site.google, secret.id)) ?? givenBack(site, secret, source);
    }
  };
}

/** What a backup kept of a person's value; a drill gets along with a word that opens nothing. */
async function givenBack(site: Site, secret: ServiceSecret, source: Source): Promise<number> {
  const kept = source.kept?.[secret.id]?.value;
  if (kept === undefined) refuseWithoutValue(site, [secret]);
  return ensure(site, random(secret.id, kept ?? newSecret()), source);
}

/** 256 random bits that need no escaping anywhere. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Keeps a URL that points to this database; else the role gets a new password. */
async function filledUrl(site: Site, secret: ServiceSecret, source: Source): Promise<number> {
  const { admin } = source;
  const version = await newestEnabled(site.google, secret.id);
  const held = version === undefined ? undefined : await heldLogin(site, secret.id);
  if (version !== undefined && held && (await opens(held, admin))) return version;
  const moved = held && isOwn(secret, held) ? await movedTo(held, admin) : undefined;
  if (moved) return ensure(site, random(secret.id, databaseUrl(moved)), source);
  const role = await roleToHeal(admin, secret.service, held);
  const password = newPassword();
  await setRolePassword(admin, { role, password });
  return ensure(site, random(secret.id, databaseUrl({ ...admin, user: role, password })), source);
}

/** A value is whatever somebody put there. */
function isOwn({ service }: ServiceSecret, { user }: Login): boolean {
  return user === `${service}_service` || user === `${service}_service_2`;
}

/** The login that the secret names, so that the other one stays what an older version says. */
async function roleToHeal(
  admin: DatabaseLogin,
  service: string,
  held: Login | undefined,
): Promise<string> {
  const first = `${service}_service`;
  if (held?.user !== `${first}_2`) return first;
  await ensureSecondLogin(admin, service);
  return held.user;
}

/** Whose randomness nobody guesses is its own key. */
function random(secret: string, value: string): WantedSecret {
  return { secret, value, key: value };
}

async function ensure(site: Site, wanted: WantedSecret, source: Source): Promise<number> {
  return (await ensureVersion(site.google, wanted, { signal: source.signal })).version;
}
