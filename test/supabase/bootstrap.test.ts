import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bootstrapSupabase, observeSupabase, restoreSupabase } from '../../activities/supabase.ts';
import type { Work } from '../../activities/edge.ts';
import { Failure } from '../../src/failure.ts';
import { planSettings } from '../../src/planning/plan-settings.ts';
import type { Site } from '../../src/site.ts';
import { openTwoClouds } from '../environments/two-clouds.ts';
import type { TwoClouds } from '../environments/two-clouds.ts';
import type { StandIn } from '../sandbox/supabase/stand-in.ts';

const deploy = {
  environment: 'production',
  actor: 'test',
  approval: 'auto',
  runId: 'run',
} as const;
let clouds: TwoClouds;
let standIn: StandIn;
let door: TwoClouds['door'];
let site: Site;
let ref = '';

beforeAll(async () => {
  clouds = await openTwoClouds();
  ({ standIn, door, site } = clouds);
});
afterAll(() => clouds.close());

describe('the bootstrap', () => {
  test('adopts the project that it created when the answer to the creation was lost', async () => {
    expect(await planSettings(site)).toEqual(['create the project wellness-production']);
    const lost = { method: 'POST', pathPattern: '^/v1/projects$', times: 1 };
    standIn.world.faults.set('ack-lost', lost);
    await expect(bootstrapSupabase(deploy, work())).rejects.toThrow(Failure);
    ref = z.string().parse((await bootstrapSupabase(deploy, work())).supabaseRef);
    const { body } = await standIn.api('GET', '/v1/projects');
    expect(z.array(z.object({ ref: z.string() })).parse(body)).toEqual([{ ref }]);
  }, 120_000);

  test('run twice changes nothing: it sends one idempotent statement and no setting', async () => {
    expect(await planSettings(site)).toEqual([]);
    const before = await roles();
    door.writes();
    await bootstrapSupabase(deploy, work());
    expect(door.writes()).toEqual([`POST /v1/projects/${ref}/database/query`]);
    expect(await roles()).toEqual(before);
  });

  test('says in the plan what it would change, owns nothing else, and undoes exactly that', async () => {
    const foreign = { jwt_exp: 1234, password_min_length: 9, disable_signup: true };
    await api('PATCH', 'config/auth', foreign);
    await api('PUT', 'ssl-enforcement', { requestedConfig: { database: false } });
    await api('POST', 'network-restrictions/apply', { dbAllowedCidrs: ['10.0.0.0/8'] });
    expect(await planSettings(site)).toEqual([
      'jwt_exp: 1234 -> 86400',
      'disable_signup: true -> false',
      'SSL enforced: false -> true',
      'network: 10.0.0.0/8 -> 0.0.0.0/0, ::/0',
    ]);
    const [before, seen] = [await settings(), await observeSupabase(deploy, work())];
    await bootstrapSupabase(deploy, work());
    expect(await planSettings(site)).toEqual([]);
    expect(await settings()).toMatchObject({ auth: { jwt_exp: 86_400, password_min_length: 9 } });
    await restoreSupabase({ ...deploy, ...seen }, work());
    expect(await settings()).toEqual(before);
  });

  test('that fails half-way through the settings is undone to what was observed', async () => {
    const [before, seen] = [await settings(), await observeSupabase(deploy, work())];
    standIn.world.faults.set('supabase', { times: 1 });
    await expect(bootstrapSupabase(deploy, work())).rejects.toThrow(Failure);
    expect(await settings()).not.toEqual(before);
    await restoreSupabase({ ...deploy, ...seen }, work());
    expect(await settings()).toEqual(before);
    door.writes();
    await restoreSupabase({ ...deploy, ...seen }, work());
    expect(door.writes()).toEqual([]);
  });

  test('refuses a paused project at once and says how to wake it', async () => {
    await standIn.api('POST', `/v1/projects/${ref}/pause`);
    const refusal = { code: 'SUPABASE_PROJECT_UNUSABLE', fix: expect.stringContaining('restore') };
    await expect(planSettings(site)).rejects.toMatchObject(refusal);
    await expect(bootstrapSupabase(deploy, work())).rejects.toMatchObject(refusal);
  });
});

function work(): Work {
  return clouds.work();
}

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  return (await standIn.api(method, `/v1/projects/${ref}/${path}`, body)).body;
}

async function settings() {
  const network = z.object({ config: z.unknown() });
  return {
    auth: z.record(z.string(), z.unknown()).parse(await api('GET', 'config/auth')),
    rest: await api('GET', 'postgrest'),
    ssl: await api('GET', 'ssl-enforcement'),
    network: network.parse(await api('GET', 'network-restrictions')),
  };
}

async function roles(): Promise<unknown> {
  const query = `select rolname, rolcanlogin, rolinherit, rolconfig,
      (select json_agg(nspname || nspacl::text order by nspname) from pg_namespace) as schemas,
      (select json_agg(defaclacl::text order by oid) from pg_default_acl) as defaults
    from pg_roles order by rolname`;
  return api('POST', 'database/query', { query });
}
