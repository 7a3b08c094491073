import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type pg from 'pg';
import { z } from 'zod';
import { withClient } from '../../src/postgres/connect.ts';
import { readServices } from '../../src/gcp/run.ts';
import { requireDatabase } from '../../src/site-database.ts';
import type { Site } from '../../src/site.ts';
import { reachOf } from '../../src/smoke/reach.ts';
import type { Reach } from '../../src/smoke/reach.ts';
import { checkVoucherFlow } from '../../src/smoke/voucher-flow.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { findProject } from '../../src/supabase/project.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
let site: Site;
let flow: { readonly ref: string; readonly reaches: readonly Reach[] };

beforeAll(async () => {
  rig = await openDeployedRig();
  site = await rig.site();
  const { organization, project: name } = site.environment.supabase;
  const ref = (await findProject(site.supabase, { name, organization }))?.ref ?? '';
  const services = await readServices(site.google);
  flow = { ref, reaches: await Promise.all(services.map((one) => reachOf(site, one, {}))) };
});
afterAll(() => rig.close());

describe('the voucher flow on a deployed environment', () => {
  it('left nothing behind when the deploy’s own smoke test walked it', async () => {
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('walks from the voucher to the own rows and removes all that it made', async () => {
    const found = await checkVoucherFlow(site, { ...flow, runId: 'whole' });
    expect(found).toEqual([
      'auth: e-mail confirmation on',
      'auth: a sign-in lasts 86400 s',
      'row security: own rows seen, another’s not',
      'REST door: 4 tables and views, 0 functions as nobody and 2 users: 4 cells allowed as declared, 44 refused',
      'vouchers: made, signed up, confirmed, redeemed once, refused twice, removed',
    ]);
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('removes what it made when it fails half-way, after the sign-up and before the end', async () => {
    const unreachable = flow.reaches.map((reach) =>
      reach.name === 'gateway' ? { ...reach, url: 'http://127.0.0.1:1' } : reach,
    );
    const walk = checkVoucherFlow(site, { ...flow, runId: 'half', reaches: unreachable });
    await expect(walk).rejects.toMatchObject({ code: 'SMOKE_FAILED' });
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('refuses an Auth that confirms by itself or lets a sign-in last for another time', async () => {
    await patchAuth({ jwt_exp: 3600 });
    const short = checkVoucherFlow(site, { ...flow, runId: 'short' });
    await expect(short).rejects.toMatchObject({ why: '3600 s, not 86400 s' });
    await patchAuth({ jwt_exp: 86_400, mailer_autoconfirm: true });
    const open = checkVoucherFlow(site, { ...flow, runId: 'open' });
    await expect(open).rejects.toMatchObject({ code: 'SMOKE_FAILED' });
    await patchAuth({ mailer_autoconfirm: false });
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('refuses a table that somebody opened to everybody beside the releases', async () => {
    const login = await requireDatabase(site);
    await withClient(login, (client) =>
      client.query(`set role users_owner; create table users.leaky (id int);
        insert into users.leaky values (1); grant select on users.leaky to authenticated`),
    );
    const walk = checkVoucherFlow(site, { ...flow, runId: 'leaky' });
    const why = 'select of users.leaky as user 1 is not refused: HTTP 200';
    await expect(walk).rejects.toHaveProperty('why', expect.stringContaining(why));
    await withClient(login, (client) =>
      client.query('set role users_owner; drop table users.leaky'),
    );
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });
});

describe('a worker that is killed in the middle of the smoke test', () => {
  it('leaves vouchers and people, and the next attempt of the deploy removes them', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
    const deploying = held(rig.windlass('deploy', '-e', 'production'));
    await withClient(await requireDatabase(site), (client) =>
      vi.waitUntil(async () => (await countsBy(client)).users > 0, {
        timeout: 200_000,
        interval: 5,
      }),
    );
    await rig.killWorker();
    const left = await counts();
    expect(left.vouchers).toBeGreaterThan(0);
    expect(left.users).toBeGreaterThan(0);
    const ended = await deploying; // whoever watches starts the worker that is missing
    expect(ended.exitCode, ended.all).toBe(0);
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });
});

const Counts = z.object({
  users: z.coerce.number(),
  profiles: z.coerce.number(),
  vouchers: z.coerce.number(),
  redemptions: z.coerce.number(),
});

async function counts() {
  return withClient(await requireDatabase(site), countsBy);
}

async function countsBy(client: pg.Client) {
  const { rows } = await client.query(`select (select count(*) from auth.users) as users,
    (select count(*) from users.profiles) as profiles,
    (select count(*) from users.vouchers) as vouchers,
    (select count(*) from users.redemptions) as redemptions`);
  return Counts.parse(rows[0]);
}

async function patchAuth(body: object): Promise<void> {
  const path = `/projects/${flow.ref}/config/auth`;
  const call = { action: 'change Auth', method: 'PATCH', path, body, answer: z.unknown() } as const;
  await callSupabase(site.supabase, call);
}
