import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { newPassword } from '../secret-values/password.ts';
import { openClient, withClient } from './connect.ts';
import type { Login } from './connect.ts';
import { migratorRole } from './role-sql.ts';
import { scramVerifier } from './scram.ts';

/**
 * Lends `work` a login that may do in the copy what the migrator may, and no more, with a password
 * of its own that ends with it: the program that tries migrations never holds the administrator's.
 */
export async function withTrialMigrator<T>(
  copy: Login,
  work: (migrator: Login) => Promise<T>,
): Promise<T> {
  const user = `${trialLogins}${randomBytes(6).toString('hex')}`;
  const password = newPassword();
  await withClient(copy, (client) => client.query(makeSql(copy.database, user, password)));
  const { host, port, ca, database, tenant } = copy;
  try {
    return await work({ host, port, ca, database, tenant, user, password });
  } finally {
    // A login that cannot be dropped now has a password that ends, and nobody knows it.
    await drop(copy, user).catch(() => undefined);
  }
}

/** Whether a login is one that was lent so. */
export function isTrialLogin({ user }: Login): boolean {
  return user.startsWith(trialLogins);
}

/** How such a role's name begins. */
const trialLogins = 'windlass_trial_login_';
const mark = JSON.stringify({ windlass: 'trial-login' });

function makeSql(database: string, user: string, password: string): string {
  const role = pg.escapeIdentifier(user);
  const verifier = pg.escapeLiteral(scramVerifier(password));
  return `
create role ${role} login password ${verifier} valid until ${pg.escapeLiteral(endOf(new Date()))};
comment on role ${role} is ${pg.escapeLiteral(mark)};
grant ${migratorRole} to ${role} with inherit true, set true;
grant connect, temporary on database ${pg.escapeIdentifier(database)} to ${role};`;
}

/** A trial takes minutes; what a killed one leaves opens nothing after this. */
function endOf(now: Date): string {
  return new Date(now.getTime() + 12 * 60 * 60_000).toISOString();
}

/**
 * Drops such logins whose password has ended: what killed trials left. By name, mark and end, so
 * that none of a trial that works now, or of anybody else, goes.
 */
export async function sweepTrialLogins(admin: Login): Promise<readonly string[]> {
  const { rows } = await withClient(admin, (client) =>
    client.query<{ name: string }>(
      `select rolname as name from pg_roles where starts_with(rolname, $1)
       and shobj_description(oid, 'pg_authid') = $2 and rolvaliduntil < now()`,
      [trialLogins, mark],
    ),
  );
  for (const { name } of rows) await drop(admin, name);
  return rows.map(({ name }) => name);
}

async function drop(copy: Login, user: string): Promise<void> {
  const role = pg.escapeIdentifier(user);
  const client = await openClient(copy);
  try {
    await client.query(`select pg_terminate_backend(pid, 1000) from pg_stat_activity
      where usename = ${pg.escapeLiteral(user)} and pid <> pg_backend_pid()`);
    await client.query(`grant ${role} to current_user; drop owned by ${role} cascade`);
    await client.query(`drop role ${role}`);
  } finally {
    await client.end();
  }
}
