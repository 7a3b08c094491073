import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { observeSupabase, bootstrapSupabase, restoreSupabase } from '../../activities/supabase.ts';
import { fillSecrets } from '../../activities/secrets.ts';
import { checksOf } from '../../src/doctor/checks.ts';
import { examine } from '../../src/doctor/examine.ts';
import { planWay } from '../../src/database-way/plan-way.ts';
import { refusedLogins } from '../../src/planning/refused-logins.ts';
import { openClient, withClient } from '../../src/postgres/connect.ts';
import { dumpDatabase } from '../../src/postgres/dump.ts';
import { noteProject } from '../../src/project-ownership/project-record.ts';
import { loginOf } from '../../src/secret-values/database-url.ts';
import { databaseServices, serviceSecrets } from '../../src/services.ts';
import { requireDatabase } from '../../src/site-database.ts';
import type { Site } from '../../src/site.ts';
import { openTwoClouds, type TwoClouds } from '../environments/two-clouds.ts';
import { healthy } from '../sandbox/supabase/stand-in.ts';

const name = 'wellness-production';
const accept = [`ipv4-address:${name}`];
let clouds: TwoClouds;
let ref: string;

beforeAll(async () => {
  clouds = await openTwoClouds();
  const wanted = { name, organization_slug: name, db_pass: 'owner-password' };
  const made = await clouds.standIn.api('POST', '/v1/projects', wanted);
  ref = z.object({ ref: z.string() }).parse(made.body).ref;
  await healthy(clouds.standIn.api, ref);
  const ids = serviceSecrets(clouds.site.config).map(({ id }) => id);
  await clouds.makeSecrets(['supabase-admin', 'supabase-migrator', ...ids]);
  await noteProject(clouds.site, 'run', ref);
}, 180_000);
afterAll(() => clouds.close());
beforeEach(() => forgetAddOn());

describe('a project without the IPv4 add-on', () => {
  test('is reached by the pooler, and the plan says why and what the other way costs', async () => {
    expect(await planWay(clouds.site)).toMatchObject({
      way: 'pooler',
      lines: [
        'by the shared pooler, in session mode: the project has no IPv4 add-on',
        `by its own host instead: --accept ${accept[0]} ($4 a month)`,
      ],
      cost: { fixed: 0 },
    });
    const login = await requireDatabase(clouds.site);
    expect(login).toMatchObject({ tenant: ref, actsAs: 'postgres' });
    expect(await roleOf(login)).toBe('postgres');
    expect(await dumpDatabase(login, {}, sizeOf)).toBeGreaterThan(1000);
  });

  test('by its own host, as windlass.yaml says, is refused with the way out', async () => {
    const direct = stated(clouds.site, { connection: 'direct' });
    await expect(requireDatabase(direct)).rejects.toMatchObject({
      code: 'DATABASE_HOST_UNREACHABLE',
      fix: expect.stringContaining('connection: auto'),
    });
    const [found] = await examine(checksOf(direct).filter(({ id }) => id === 'database'));
    expect(found).toMatchObject({ state: 'missing', fix: expect.stringContaining(`${accept[0]}`) });
  });

  test('by its own host with IPv4 ranges alone would be closed to everybody', async () => {
    const networkRestrictions = ['203.0.113.0/24'];
    const direct = stated(clouds.site, { connection: 'direct', networkRestrictions });
    await expect(planWay(direct)).rejects.toMatchObject({ code: 'DATABASE_LOCKED_OUT' });
    const both = stated(clouds.site, {
      connection: 'direct',
      networkRestrictions: [...networkRestrictions, '2001:db8::/32'],
    });
    expect(await planWay(both)).toMatchObject({ way: 'direct' });
  });

  test('gives migrations the settings that a pooler drops: role, time-outs and step', async () => {
    const login = await requireDatabase(clouds.site);
    const { withStartSettings } = await import('../../src/postgres/with-start-settings.ts');
    await withStartSettings(login, async (at) => {
      const { Client } = (await import('pg')).default;
      const options = String.raw`-c role=postgres -c lock_timeout=3s --search_path=a,\ b -c windlass.step=one`;
      const { host, port, user, password, database } = at;
      const now = await at.renew?.();
      const client = new Client({
        ...{ host, port, database, options },
        ...{ user: now?.user ?? user, password: now?.password ?? password },
      });
      await client.connect();
      const { rows } = await client.query(
        `select current_user as who, current_setting('lock_timeout') as lock,
         current_setting('search_path') as path, current_setting('windlass.step') as step`,
      );
      await client.end();
      expect(rows).toEqual([{ who: 'postgres', lock: '3s', path: 'a, b', step: 'one' }]);
    });
  });
});

describe('the add-on', () => {
  test('is bought where it was accepted by name, with its price in the plan, and given back', async () => {
    expect(await planWay(clouds.site, accept)).toMatchObject({
      way: 'direct',
      settings: ['IPv4 add-on: none -> bought, $4 a month'],
      cost: { fixed: 4, delta: 4 },
    });
    const d = deploy();
    const before = await observeSupabase(d, clouds.work());
    await bootstrapSupabase(d, clouds.work());
    expect(await hasAddOn()).toBe(true);
    await restoreSupabase({ ...d, ...before }, clouds.work());
    expect(await hasAddOn()).toBe(false);
  });

  test('moves every login to the other address, with the password that it has', async () => {
    const plain = { ...deploy(), accept: [] };
    await bootstrapSupabase(plain, clouds.work());
    await fillSecrets({ ...plain, supabaseRef: ref }, clouds.work());
    expect(await refusedLogins(clouds.site)).toEqual([]);
    const [service = ''] = databaseServices(clouds.site.config);
    const pooled = await loginAt(service);
    expect(pooled).toMatchObject({ tenant: ref, user: `${service}_service` });

    await clouds.standIn.api('PATCH', addOns(), {
      ...{ addon_type: 'ipv4', addon_variant: 'ipv4_default' },
    });
    const moved = await refusedLogins(clouds.site);
    expect(moved.length).toBe(databaseServices(clouds.site.config).length + 1);
    expect(moved.every((one) => one.moved)).toBe(true);
    await fillSecrets({ ...plain, supabaseRef: ref }, clouds.work());
    const direct = await loginAt(service);
    expect(direct).toMatchObject({ password: pooled.password, user: pooled.user });
    expect(direct.tenant).toBeUndefined();
    expect(await roleOf(pooled)).toBe(`${service}_service`);
    expect(await roleOf(direct)).toBe(`${service}_service`);
  });
});

test('restrictions that keep this machine out are named, by either way', async () => {
  const path = `/v1/projects/${ref}/network-restrictions/apply`;
  const allow = (dbAllowedCidrs: readonly string[]) =>
    clouds.standIn.api('POST', path, { dbAllowedCidrs, dbAllowedCidrsV6: [] });
  await allow(['203.0.113.0/24']);
  const closed = { code: 'DATABASE_CLOSED', fix: expect.stringContaining('networkRestrictions') };
  await expect(requireDatabase(clouds.site)).rejects.toMatchObject(closed);
  await clouds.standIn.api('PATCH', addOns(), {
    ...{ addon_type: 'ipv4', addon_variant: 'ipv4_default' },
  });
  await expect(requireDatabase(clouds.site)).rejects.toMatchObject({
    ...closed,
    why: expect.stringContaining('203.0.113.0/24'),
  });
  await allow(['0.0.0.0/0']);
});

test('a full pool is named and tried again', async () => {
  const path = `/v1/projects/${ref}/config/database/pooler`;
  const login = await requireDatabase(clouds.site);
  await clouds.standIn.api('PATCH', path, { default_pool_size: 1 });
  const holder = await openClient(login);
  await expect(openClient(login)).rejects.toMatchObject({
    code: 'DATABASE_POOL_FULL',
    class: 'retry',
  });
  await holder.end();
  await clouds.standIn.api('PATCH', path, { default_pool_size: null });
});

function stated(site: Site, fields: Partial<Site['environment']['supabase']>): Site {
  const supabase = { ...site.environment.supabase, ...fields };
  return { ...site, environment: { ...site.environment, supabase } };
}

function deploy() {
  return {
    actor: 'test',
    approval: 'auto' as const,
    environment: 'production',
    runId: 'run',
    accept,
  };
}

function addOns(): string {
  return `/v1/projects/${ref}/billing/addons`;
}

async function forgetAddOn(): Promise<void> {
  await clouds.standIn.api('DELETE', `${addOns()}/ipv4_default`);
}

async function hasAddOn(): Promise<boolean> {
  const { body } = await clouds.standIn.api('GET', addOns());
  return Object(body).selected_addons.length > 0;
}

async function loginAt(service: string) {
  const secret = serviceSecrets(clouds.site.config).find(
    (one) => one.source === 'database' && one.service === service,
  );
  const text = await clouds.newest(secret?.id ?? '');
  return loginOf(text ?? '', clouds.site.supabase.databaseCa);
}

async function roleOf(login: Parameters<typeof openClient>[0]): Promise<string> {
  const { rows } = await withClient(login, (client) => client.query('select current_user as who'));
  return String(rows[0]?.who);
}

async function sizeOf(dump: AsyncIterable<Buffer>): Promise<number> {
  let size = 0;
  for await (const part of dump) size += part.length;
  return size;
}
