import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LeftOut } from '../../src/postgres/left-out.ts';
import { authVersion, versionsApart } from '../../src/recovery/auth-version.ts';
import { restoreInto } from '../../src/postgres/restore-into.ts';
import { alembic } from '../examples/alembic.ts';
import { type ProjectDatabase, projectDatabase, query } from '../examples/database.ts';
import { temporaryFolder } from '../setup/process.ts';
import { takeTestDump } from './backed-up.ts';
import { loginOf } from './login.ts';
import { bySuperuser, platformsOwn, usersOwn } from './whole-database.ts';

const services = ['journal'];
let database: ProjectDatabase;
let folder = '';
let admin = '';
let target = '';
let dump: Awaited<ReturnType<typeof takeTestDump>>;
let tried: readonly LeftOut[];

beforeAll(async () => {
  database = await projectDatabase();
  folder = await temporaryFolder('whole');
  admin = database.urlOf('postgres');
  const platform = database.urlOf('supabase_admin');
  await query(platform, platformsOwn);
  // A project as the platform makes it, for what is brought back.
  await query(
    otherDatabase(platform, 'template1'),
    'create database target template postgres owner postgres',
  );
  target = otherDatabase(admin, 'target');
  await alembic(admin, 'journal', 'upgrade', 'head');
  await query(admin, usersOwn);
  await query(platform, bySuperuser);
  dump = await takeTestDump(loginOf(admin), folder, services);
  tried = await dump.tryIt();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await database?.stop();
});

describe('a trial restore', () => {
  test('brings what the user made in every schema, and on the platform’s tables', () => {
    expect(tried.map(({ what }) => what)).toEqual(['view public.hidden']);
    expect(tried[0]?.why).toContain('vault');
    const { parts, content } = dump.picture;
    expect(JSON.stringify(parts['platformTriggers'])).toContain('on_auth_user_created');
    expect(JSON.stringify(parts['platformPolicies'])).toContain('is_admin');
    expect(JSON.stringify(parts['publications'])).toContain('public.profiles');
    expect(content.map(({ table }) => table)).toContain('"My Things"."A table"');
  });

  test('a thing that it refuses is no excuse for another that is missing', async () => {
    const { parts } = dump.picture;
    const [view] = parts['views'] ?? [];
    const more = [...(parts['views'] ?? []), { ...Object(view), view: 'public.another' }];
    const picture = { ...dump.picture, parts: { ...parts, views: more } };
    await expect(dump.tryIt(picture)).rejects.toMatchObject({
      code: 'BACKUP_NOT_EQUAL',
      why: expect.stringMatching(/^views - .*public\.another.*\nview public\.hidden: /),
    });
  });

  test('says what no dump holds', () => {
    expect(dump.notCarried.map(({ what }) => what)).toEqual([
      'event trigger watch',
      '2 files in Storage',
      '1 secrets of Vault',
    ]);
  });
});

describe('a restore into a project of the platform', () => {
  let left: readonly LeftOut[];

  beforeAll(async () => {
    left = await restoreInto(loginOf(target), { dump: dump.dump, services });
  });

  test('brings users, identities and second factors, and lets everybody sign in anew', async () => {
    expect(await query(target, usersOf)).toEqual(await query(admin, usersOf));
    expect(await query(target, 'select provider_id from auth.identities')).toHaveLength(1);
    const factors = 'select friendly_name, factor_type, status, secret from auth.mfa_factors';
    expect(await query(target, factors)).toEqual([
      { friendly_name: 'my phone', factor_type: 'totp', status: 'verified', secret: 'JBSWY3DP' },
    ]);
    expect(await query(target, 'select from auth.sessions')).toEqual([]);
  });

  test('brings extensions, rows, functions, policies, types and publications', async () => {
    const rows = `select (select count(*) from public.profiles)::int as profiles,
      (select m::text from "My Things"."A table") as mood, (select count(*) from journal.entries)::int as entries,
      (select 'ADA@x.test'::extensions.citext operator(extensions.=) handle from public.profiles where handle is not null) as citext,
      (select n from public.counts)::int as counts, (select count(*) from etl.loads)::int as loads,
      (select count(*) from pg_policies where qual like '%is_admin%')::int as policies,
      (select count(*) from pg_publication_tables)::int as published`;
    expect(await query(target, rows)).toEqual([
      {
        profiles: 2,
        mood: 'größe',
        entries: 1,
        citext: true,
        counts: 2,
        loads: 2,
        policies: 2,
        published: 1,
      },
    ]);
  });

  test('a user who signs up there gets a profile: the trigger works', async () => {
    await query(target, `insert into auth.users (email) values ('new@x.test')`);
    const found = await query(
      target,
      `select handle from public.profiles where handle = 'new@x.test'`,
    );
    expect(found).toHaveLength(1);
  });

  test('names what the project does not take, and ends well', async () => {
    // In a project of Supabase's own the user may make policies on Storage; here he may not.
    expect(left.map(({ what }) => what)).toEqual(['policy storage.objects own']);
    expect(left[0]?.why).toContain('must be owner');
  });
});

describe('a restore into a project whose schema auth is of another version', () => {
  let left: readonly LeftOut[];

  beforeAll(async () => {
    const platform = database.urlOf('supabase_admin');
    const other = otherDatabase(admin, 'another');
    await query(
      otherDatabase(platform, 'template1'),
      'create database another template postgres owner postgres',
    );
    // What the user made is not there; auth lacks a table and a column, and has another column.
    await query(otherDatabase(platform, 'another'), anotherVersion);
    left = await restoreInto(loginOf(other), { dump: dump.dump, services });
    expect(await query(other, usersOf.replace('raw_user_meta_data', 'email'))).toHaveLength(2);
    expect(await query(other, 'select newest from auth.users')).toEqual([
      { newest: 7 },
      { newest: 7 },
    ]);
  });

  test('brings the users all the same, and names what has no place there', () => {
    const told = left.map(({ what, why }) => `${what}: ${why}`);
    const why = 'the schema auth of this project is of another version and does not have it';
    expect(told).toContain(`table auth.mfa_factors: ${why}`);
    expect(told).toContain(`column auth.users.raw_user_meta_data: ${why}`);
  });

  test('is told before, with what it means', async () => {
    const of = (address: string) => authVersion(loginOf(address));
    const [here, there] = [await of(admin), await of(otherDatabase(admin, 'another'))];
    expect(versionsApart(here, there)).toEqual([
      {
        what: `schema auth ${here} as it was: the project has 20230101000000`,
        why: 'columns and tables that only the newer version has stay behind, and are named',
      },
    ]);
    expect(versionsApart(there, here)[0]?.why).toContain('get their defaults');
    expect(versionsApart(here, here)).toEqual([]);
  });
});

const anotherVersion = `
drop schema if exists journal, public, etl, "My Things" cascade; create schema public authorization postgres;
drop extension if exists hstore; truncate auth.users cascade;
drop table auth.mfa_factors cascade; alter table auth.users drop column raw_user_meta_data;
alter table auth.users add column newest int not null default 7;
update auth.schema_migrations set version = '20230101000000'`;

const usersOf = `select id, email, raw_user_meta_data from auth.users order by id`;

function otherDatabase(address: string, name: string): string {
  return `${address.slice(0, address.lastIndexOf('/'))}/${name}`;
}
