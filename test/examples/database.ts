import { randomBytes } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { roleSql } from '../../src/postgres/role-sql.ts';
import { startCluster } from '../../sandbox/supabase/postgres/cluster.ts';
import { newCluster } from '../../sandbox/supabase/postgres/new-cluster.ts';
import { clusterTemplate } from '../../sandbox/supabase/postgres/template.ts';
import { temporaryFolder } from '../setup/process.ts';
import { databaseServices } from './names.ts';

/** A Postgres of its own as a Supabase project has it, with the roles of all services. */
export async function projectDatabase() {
  const folder = await temporaryFolder('wellness');
  await chmod(folder, 0o755);
  const logins = ['supabase_admin', 'postgres', 'supabase_auth_admin'];
  const passwords = Object.fromEntries(logins.map((role) => [role, secret()]));
  const template = await clusterTemplate(join(folder, 'template'));
  await newCluster(template, join(folder, 'data'), passwords);
  const cluster = await startCluster({
    data: join(folder, 'data'),
    log: join(folder, 'postgres.log'),
    adminPassword: passwords['supabase_admin'] ?? '',
    settings: { fsync: 'off' },
  });
  const urlOf = (role: string, password = passwords[role] ?? '') =>
    `postgresql://${role}:${password}@127.0.0.1:${cluster.port}/postgres`;
  for (const service of databaseServices) {
    const role = `${service}_service`;
    passwords[role] = secret();
    await query(urlOf('postgres'), roleSql(service));
    await query(urlOf('postgres'), `alter role ${role} password '${passwords[role]}'`);
  }
  const stop = async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, urlOf, stop };
}

export type ProjectDatabase = Awaited<ReturnType<typeof projectDatabase>>;

/** One statement in a session of its own. */
export async function query(url: string, text: string): Promise<readonly pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Ends every session of a service, as a restart does; answers how many there were. */
export async function endSessions({ urlOf }: ProjectDatabase): Promise<number> {
  const text = `select pg_terminate_backend(pid) from pg_stat_activity
    where usename like '%\\_service'`;
  return (await query(urlOf('supabase_admin'), text)).length;
}

function secret(): string {
  return randomBytes(16).toString('hex');
}
