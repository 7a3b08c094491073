import pg from 'pg';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import type { LeftOut } from './left-out.ts';
import { patiently } from './patiently.ts';
import { roleSql, secondLoginSql } from './role-sql.ts';
import { scramVerifier } from './scram.ts';

/** Gives every service its schema and its two roles; safe to run twice. */
export async function ensureRoles(admin: Login, services: readonly string[]): Promise<void> {
  await withClient(admin, (client) => ensureRolesBy(client, services));
}

/** The same through a connection of the caller's. */
export async function ensureRolesBy(client: pg.Client, services: readonly string[]): Promise<void> {
  for (const service of services) await patiently(client, roleSql(service));
}

/** Makes the roles that a user's database had and this one has not, without login or rights of their own. */
export async function ensureUserRoles(
  admin: Login,
  roles: readonly string[],
): Promise<readonly LeftOut[]> {
  return withClient(admin, async (client) => {
    const known = await client.query<{ name: string }>('select rolname as name from pg_roles');
    const missing = roles.filter((role) => known.rows.every(({ name }) => name !== role));
    for (const role of missing) {
      const name = pg.escapeIdentifier(role);
      await client.query(`create role ${name} nologin; grant ${name} to current_user`);
    }
    const why = 'made without login, password and memberships: give it those by hand';
    return missing.map((role) => ({ what: `attributes of role ${role}`, why }));
  });
}

/** Gives a service its second login; safe to run twice. */
export async function ensureSecondLogin(admin: Login, service: string): Promise<void> {
  await withClient(admin, (client) => patiently(client, secondLoginSql(service)));
}

/** Nobody logs in as this role any more, until it gets a password; open sessions stay. */
export async function clearPassword(admin: Login, role: string): Promise<void> {
  const text = `alter role ${pg.escapeIdentifier(role)} password null`;
  await withClient(admin, (client) => patiently(client, text));
}

/** Sets a role's password; the server and its log see a verifier only. */
export async function setRolePassword(
  admin: Login,
  which: { readonly role: string; readonly password: string },
): Promise<void> {
  const role = pg.escapeIdentifier(which.role);
  const verifier = pg.escapeLiteral(scramVerifier(which.password));
  await withClient(admin, (client) => patiently(client, `alter role ${role} password ${verifier}`));
}
