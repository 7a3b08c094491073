import pg from 'pg';
import type { Login } from './connect.ts';
import { withClient } from './connect.ts';
import { patiently } from './patiently.ts';
import { roleSql, secondLoginSql } from './role-sql.ts';
import { scramVerifier } from './scram.ts';

/** Gives every service its schema and its two roles; safe to run twice. */
export async function ensureRoles(admin: Login, services: readonly string[]): Promise<void> {
  await withClient(admin, async (client) => {
    for (const service of services) await patiently(client, roleSql(service));
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
