import { randomBytes } from 'node:crypto';
import { accessVersion, newestEnabled } from '../gcp/secrets.ts';
import { ensureVersion } from '../gcp/secret-value.ts';
import { canLogIn } from '../postgres/connect.ts';
import type { Login } from '../postgres/connect.ts';
import { setRolePassword } from '../postgres/roles.ts';
import type { DatabaseLogin } from '../site-database.ts';
import type { Site } from '../site.ts';
import type { ServiceSecret } from '../services.ts';
import { readJwtSecret, readKeys } from '../supabase/keys.ts';
import { databaseUrl, loginOf } from './database-url.ts';
import { newPassword } from './password.ts';

interface Source {
  readonly ref: string;
  readonly admin: DatabaseLogin;
  readonly signal: AbortSignal;
  /** Values of generated secrets that a backup kept, by id. */
  readonly kept?: Readonly<Record<string, { readonly value: string }>>;
}

/** Makes the function that fills one secret from its source and answers its version number. */
export async function valuesFor(site: Site, source: Source) {
  const keys = await readKeys(site.supabase, source.ref, { signal: source.signal });
  const jwt_secret = await readJwtSecret(site.supabase, source.ref, { signal: source.signal });
  const url = await site.supabase.projectUrl(source.ref);
  const open = { url, anon_key: keys.anon };
  const whole = { ...open, service_role_key: keys.serviceRole, jwt_secret };
  return async (secret: ServiceSecret): Promise<number> => {
    switch (secret.source) {
      case 'database':
        return filledUrl(site, secret, source);
      case 'supabase':
        return ensure(site, secret.id, JSON.stringify(whole), source);
      case 'supabase-public':
        return ensure(site, secret.id, JSON.stringify(open), source);
      case 'generated':
        return (
          (await newestEnabled(site.google, secret.id)) ??
          ensure(site, secret.id, source.kept?.[secret.id]?.value ?? newSecret(), source)
        );
    }
  };
}

/** 256 random bits that need no escaping anywhere. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Keeps a URL that points to this database; else the role gets a new password. */
async function filledUrl(site: Site, secret: ServiceSecret, source: Source): Promise<number> {
  const { admin } = source;
  const version = await newestEnabled(site.google, secret.id);
  if (version !== undefined) {
    const held = String(await accessVersion(site.google, { secret: secret.id, version }));
    if (await opens(loginOf(held, admin.ca), admin)) return version;
  }
  const role = `${secret.service}_service`;
  const password = newPassword();
  await setRolePassword(admin, { role, password });
  return ensure(site, secret.id, databaseUrl({ ...admin, user: role, password }), source);
}

/** A database made anew may have the old address: only logging in tells. */
async function opens(held: Login, admin: DatabaseLogin): Promise<boolean> {
  return held.host === admin.host && held.port === admin.port && canLogIn(held);
}

async function ensure(site: Site, secret: string, value: string, source: Source): Promise<number> {
  const wanted = { secret, value, key: source.admin.password };
  return (await ensureVersion(site.google, wanted, { signal: source.signal })).version;
}
