import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryAs } from '../../sandbox/supabase/postgres/sql.ts';
import { ProjectRecord } from '../../sandbox/supabase/record.ts';
import { adminLogin } from '../../src/admin-login/admin-login.ts';
import { keepUnkept } from '../../src/admin-login/held-admin.ts';
import { resetWhereAccepted } from '../../src/admin-login/reset-admin.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { disableVersion } from '../../src/gcp/secrets.ts';
import { canLogIn, withClient } from '../../src/postgres/connect.ts';
import type { Login } from '../../src/postgres/connect.ts';
import { dumpDatabase } from '../../src/postgres/dump.ts';
import { ensureRoles, setRolePassword } from '../../src/postgres/roles.ts';
import { onTrialCopy } from '../../src/postgres/trial-copy.ts';
import { noteProject } from '../../src/project-ownership/project-record.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const path = 'cli/login-role$';
const accept = ['database-password:wellness-production'];
let clouds: TwoClouds;
let project: Awaited<ReturnType<TwoClouds['foreignProject']>>;

beforeAll(async () => {
  clouds = await openTwoClouds();
  project = await clouds.foreignProject();
  await clouds.makeSecrets(['supabase-admin']);
  await noteProject(clouds.site, 'run', project.ref);
}, 120_000);
afterAll(() => clouds.close());

describe('an environment that holds no password', () => {
  test('acts as postgres by a login that ends by itself, and does all that a deploy does', async () => {
    const login = await requireDatabase(clouds.site);
    expect(await who(login)).toEqual({ login: 'cli_login_postgres', role: 'postgres' });
    await worksWith(login, 'short');
    expect(await passwordOf('owner-password')).toBe(true);
  });

  test('goes on when its login has ended, or was replaced by another program’s', async () => {
    const login = await requireDatabase(clouds.site);
    await asSuperuser("alter role cli_login_postgres valid until 'yesterday'");
    expect(await who(login)).toMatchObject({ role: 'postgres' });
    const call = `/v1/projects/${project.ref}/cli/login-role`;
    await clouds.standIn.api('POST', call, { read_only: false });
    expect(await dumpDatabase(login, {}, sizeOf)).toBeGreaterThan(1000);
  });

  test('asks once for all who are refused at once', async () => {
    const login = await requireDatabase(clouds.site);
    await asSuperuser("alter role cli_login_postgres password 'another program’s'");
    clouds.door.writes();
    const roles = await Promise.all(Array.from({ length: 8 }, () => who(login)));
    expect(new Set(roles.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(clouds.door.writes()).toEqual([`POST /v1/projects/${project.ref}/cli/login-role`]);
  });

  test('never takes anybody’s short-lived login away', () => {
    expect(clouds.door.writes().filter((one) => one.startsWith('DELETE'))).toEqual([]);
  });
});

describe('where the platform gives no short-lived login', () => {
  beforeAll(async () => {
    // Somebody's other program has revoked all of them.
    await clouds.standIn.api('DELETE', `/v1/projects/${project.ref}/cli/login-role`);
    clouds.standIn.world.faults.set('http', { pathPattern: path, status: 404 });
  });

  test('its own admin is too weak, leaves nothing behind, and the message says what it lacks', async () => {
    await expect(requireDatabase(clouds.site)).rejects.toMatchObject({
      code: 'DATABASE_LOGIN_LOST',
      why: expect.stringContaining('to read auth.'),
      fix: expect.stringContaining(`--accept ${accept[0]}`),
    });
    expect(await rolesLike('windlass_admin')).toEqual([]);
    await resetWhereAccepted(clouds.site, []);
    expect(await passwordOf('owner-password')).toBe(true);
  });

  test('its own admin of before stays, with what it owns, though it is too weak', async () => {
    await project.sql('create role windlass_admin');
    await asSuperuser(
      'create table public.kept (n int); alter table public.kept owner to windlass_admin',
    );
    await expect(requireDatabase(clouds.site)).rejects.toMatchObject({
      code: 'DATABASE_LOGIN_LOST',
    });
    expect(await rolesLike('windlass_admin')).toHaveLength(1);
    const kept = "select to_regclass('public.kept') is not null as kept";
    expect((await project.sql(kept)).body).toEqual([{ kept: true }]);
    await asSuperuser('drop owned by windlass_admin cascade; drop role windlass_admin');
  });

  test('a reset that was accepted by name opens it, and is made once', async () => {
    await resetWhereAccepted(clouds.site, accept);
    expect(await passwordOf('owner-password')).toBe(false);
    const held = await clouds.newest('supabase-admin');
    expect(await who(await requireDatabase(clouds.site))).toEqual(as('postgres'));
    await resetWhereAccepted(clouds.site, accept);
    expect(await clouds.newest('supabase-admin')).toBe(held);
  });

  test('a reset before the foundation made the secret opens it too, and is kept once there is one', async () => {
    const secret = '/v1/projects/demo-prod/secrets/supabase-admin';
    await clouds.google.call('DELETE', secret);
    await asSuperuser("alter role postgres password 'the owner''s of old'");
    await expect(requireDatabase(clouds.site)).rejects.toMatchObject({
      code: 'DATABASE_LOGIN_LOST',
    });
    await resetWhereAccepted(clouds.site, accept);
    expect(await who(await requireDatabase(clouds.site))).toEqual(as('postgres'));
    await clouds.makeSecrets(['supabase-admin']);
    const { host, port } = project.db;
    const address = { host, port, user: 'postgres', database: 'postgres' };
    await keepUnkept(clouds.site, address);
    expect(await passwordOf((await clouds.newest('supabase-admin')) ?? '')).toBe(true);
  });

  test('its own admin does where postgres may hand its rights on; nobody’s password changes', async () => {
    clouds.door.writes();
    await disableVersion(clouds.site.google, { secret: 'supabase-admin', version: 1 });
    await asSuperuser(`grant usage on schema auth to postgres with grant option;
      grant select on all tables in schema auth to postgres with grant option;
      grant select on all sequences in schema auth to postgres with grant option;
      alter role postgres password 'the dashboard''s'`);
    const login = await requireDatabase(clouds.site);
    expect(await who(login)).toEqual(as('windlass_admin'));
    await worksWith(login, 'own');
    expect(await who(await requireDatabase(clouds.site))).toEqual(as('windlass_admin'));
    expect(await passwordOf("the dashboard's")).toBe(true);
    expect(clouds.door.writes().join('\n')).not.toContain('database/password');
  });

  test('several that ask at once get one login, which stays what it is', async () => {
    await asSuperuser("alter role windlass_admin password 'by hand'");
    const logins = await Promise.all([1, 2, 3, 4].map(() => requireDatabase(clouds.site)));
    for (const login of logins) expect(await who(login)).toEqual(as('windlass_admin'));
    expect(new Set(logins.map(({ password }) => password)).size).toBe(1);
  });

  test('a login goes on with what another program has kept in the secret meanwhile', async () => {
    const login = await requireDatabase(clouds.site);
    const url = new URL((await clouds.newest('supabase-admin')) ?? '');
    url.password = 'another program’s';
    await ensureVersion(clouds.site.google, {
      ...{ secret: 'supabase-admin', value: url.href, key: url.href },
    });
    await asSuperuser(`alter role windlass_admin password 'another program’s'`);
    expect(await who(login)).toEqual(as('windlass_admin'));
    expect(await dumpDatabase(login, {}, sizeOf)).toBeGreaterThan(1000);
  });

  test('a project that is not active is no platform without short-lived logins', async () => {
    const projects = clouds.standIn.world.collection('supabase-projects', ProjectRecord);
    const record = projects.get(project.ref);
    if (!record) throw new Error('there is no project');
    const secret = '/v1/projects/demo-prod/secrets/supabase-admin';
    await clouds.google.call('DELETE', secret);
    clouds.standIn.world.faults.clear();
    projects.set(project.ref, { ...record, status: 'INACTIVE' });
    await expect(adminLogin(clouds.site, project.ref)).rejects.toMatchObject({
      code: 'SUPABASE_PROJECT_UNUSABLE',
    });
    projects.set(project.ref, record);
    await clouds.makeSecrets(['supabase-admin']);
  });
});

async function sizeOf(dump: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of dump) bytes += chunk.length;
  return bytes;
}

/** What a deploy does as the admin: roles, passwords, a dump, and a scratch copy of it. */
async function worksWith(login: Login, id: string): Promise<void> {
  const services = ['habits', 'meals'];
  await project.sql('select 1');
  await ensureRoles(login, services);
  await setRolePassword(login, { role: 'habits_service', password: `of ${id}` });
  expect(await canLogIn({ ...bare(login), user: 'habits_service', password: `of ${id}` })).toBe(
    true,
  );
  const copied = { environment: 'production', id, dump: undefined, services };
  await onTrialCopy(login, copied, async (copy) => {
    const { rows } = await withClient(copy, (client) =>
      client.query('select count(*)::int as n from auth.users'),
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
}

async function who(login: Login): Promise<unknown> {
  const query = 'select session_user as login, current_user as role';
  return (await withClient(login, (client) => client.query(query))).rows[0];
}

function as(role: string) {
  return { login: role, role };
}

function bare({ host, port, database, ca }: Login) {
  return { host, port, database, ca };
}

/** Is this the password of `postgres`? */
async function passwordOf(password: string): Promise<boolean> {
  const { host, port } = project.db;
  const ca = clouds.standIn.supabase.databaseCa;
  return canLogIn({ host, port, database: 'postgres', user: 'postgres', password, ca });
}

async function rolesLike(name: string): Promise<unknown> {
  return (await project.sql(`select rolname from pg_roles where rolname = '${name}'`)).body;
}

async function asSuperuser(text: string): Promise<void> {
  const record = clouds.standIn.world
    .collection('supabase-projects', ProjectRecord)
    .get(project.ref);
  if (!record) throw new Error('there is no project');
  await queryAs(record, 'supabase_admin', { text });
}
