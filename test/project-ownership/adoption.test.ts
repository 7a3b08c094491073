import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from '../../activities/supabase.ts';
import { fillSecrets } from '../../activities/secrets.ts';
import { planSettings } from '../../src/planning/plan-settings.ts';
import { undoPlan } from '../../src/planning/undo/undo-plan.ts';
import { withClient } from '../../src/postgres/connect.ts';
import { refuseForeign } from '../../src/project-ownership/adoption.ts';
import { isOwn } from '../../src/project-ownership/is-own.ts';
import { forgetProject } from '../../src/project-ownership/project-record.ts';
import { ensureVersion } from '../../src/gcp/secret-value.ts';
import { serviceSecrets } from '../../src/services.ts';
import { databaseOf } from '../../src/site-database.ts';
import { findProject } from '../../src/supabase/project.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import { opened } from '../sandbox/supabase/stand-in.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';

const deploy = {
  environment: 'production',
  actor: 'test',
  approval: 'auto',
  runId: 'run',
} as const;
const accept = ['supabase-project:wellness-production'];
let clouds: TwoClouds;
let live: Awaited<ReturnType<TwoClouds['foreignProject']>>;

beforeAll(async () => {
  clouds = await openTwoClouds();
  live = await clouds.foreignProject();
  await live.sql('create table public.orders (id int); insert into orders values (7)');
  await live.sql("create role users_service login password 'in-use'");
}, 120_000);
afterAll(() => clouds.close());

describe('a project of the stated name that somebody else made', () => {
  test('stands in the plan with each login that would get a new password, and wants its name', async () => {
    const settings = await planSettings(clouds.site);
    expect(settings.slice(0, 2)).toEqual([
      `adopt the project wellness-production (${live.ref})`,
      'reset the password of users_service',
    ]);
    const changes = { terraform: [], migrations: [], settings, missingSecrets: [], promote: [] };
    expect(undoPlan(changes, []).pointsOfNoReturn).toEqual([
      'database-password:users_service',
      ...accept,
    ]);
  });

  test('is refused untouched where nobody named it, and the fix works', async () => {
    clouds.door.writes();
    const refusal = { code: 'SUPABASE_PROJECT_FOREIGN', class: 'undo' };
    await expect(bootstrapSupabase(deploy, clouds.work())).rejects.toMatchObject(refusal);
    await expect(refuseForeign(clouds.site)).rejects.toMatchObject({
      fix: expect.stringContaining(`--accept ${accept[0]}`),
    });
    expect(await databaseOf(clouds.site)).toBeUndefined();
    expect(clouds.door.writes()).toEqual([]);
    await refuseForeign(clouds.site, accept);
  });

  test('keeps its password when it is adopted by name, and everything when that is undone', async () => {
    const asked = { ...deploy, accept };
    const before = await rolesNow();
    const seen = await observeSupabase(deploy, clouds.work());
    await bootstrapSupabase(asked, clouds.work());
    expect(await databaseOf(clouds.site)).toBeDefined();
    expect(await ordersAsPostgres()).toEqual([{ id: 7 }]);
    await restoreSupabase({ ...asked, ...seen }, clouds.work());
    expect(await rolesNow()).toEqual(before);
    expect(await ordersAsPostgres()).toEqual([{ id: 7 }]);
    await expect(refuseForeign(clouds.site)).rejects.toThrow('was not created by');
  });

  test('whose schema has the name of a service is refused, whatever was accepted', async () => {
    await live.sql('create schema meals');
    const refusal = { code: 'SUPABASE_SCHEMA_TAKEN', why: expect.stringContaining('meals') };
    await expect(planSettings(clouds.site)).rejects.toMatchObject(refusal);
    await live.sql('drop schema meals');
  });
});

describe('an environment from before the record', () => {
  test('proves its project by the password that it holds, or by its keys when that was changed', async () => {
    const project = await findProject(clouds.site.supabase, named());
    if (!project) throw new Error('there is no project');
    expect(await isOwn(clouds.site, project)).toBe(false);
    await clouds.makeSecrets(['supabase-admin', 'users-supabase', ...secretIds()]);
    await put('supabase-admin', 'owner-password');
    expect(await isOwn(clouds.site, project)).toBe(true);
    await put('supabase-admin', 'changed in the dashboard');
    expect(await isOwn(clouds.site, project)).toBe(false);
    const keys = { url: 'https://elsewhere', anon_key: live.anon };
    const id = serviceSecrets(clouds.site.config).find(({ source }) =>
      source.startsWith('supabase'),
    )?.id;
    await put(id ?? '', JSON.stringify(keys));
    expect(await isOwn(clouds.site, project)).toBe(true);
    await bootstrapSupabase(deploy, clouds.work());
    await put('supabase-admin', 'owner-password');
    expect(
      Object.keys(
        (await fillSecrets({ ...deploy, supabaseRef: live.ref }, clouds.work())).secretVersions ??
          {},
      ).length,
    ).toBeGreaterThan(5);
    expect(await ordersAsPostgres()).toEqual([{ id: 7 }]);
    await forgetProject(clouds.site);
  });
});

function named() {
  const { organization, project: name } = clouds.site.environment.supabase;
  return { organization, name };
}

function secretIds(): readonly string[] {
  return serviceSecrets(clouds.site.config)
    .map(({ id }) => id)
    .filter((id) => id !== 'users-supabase');
}

async function put(secret: string, value: string): Promise<void> {
  await ensureVersion(clouds.site.google, { secret, value, key: 'key' });
}

/** The live application's own way in. */
async function ordersAsPostgres(): Promise<unknown> {
  const { port } = (await opened(clouds.standIn.api, live.ref)).db;
  const login = {
    ...{ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' },
    ...{ password: 'owner-password', ca: clouds.standIn.supabase.databaseCa },
  };
  const { rows } = await withClient(login, (client) =>
    client.query('select id from public.orders'),
  );
  return rows;
}

async function rolesNow(): Promise<unknown> {
  const query = `select rolname, rolcanlogin from pg_roles
    where rolname not like 'cli\\_login%' order by rolname`;
  return (await live.sql(query)).body;
}
