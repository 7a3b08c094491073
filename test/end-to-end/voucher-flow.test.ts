import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type pg from 'pg';
import { z } from 'zod';
import { withClient } from '../../src/postgres/connect.ts';
import { readServices } from '../../src/gcp/run.ts';
import { asReleased } from '../../src/releases/as-released.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { standingOf } from '../../src/releases/standing.ts';
import { requireDatabase } from '../../src/site-database.ts';
import type { Site } from '../../src/site.ts';
import { reachOf } from '../../src/smoke/reach.ts';
import type { Reach } from '../../src/smoke/reach.ts';
import { openRegister } from '../../src/smoke/register.ts';
import { withMadeRemoved } from '../../src/smoke/remove-made.ts';
import { runChecks } from '../../src/smoke/run-checks.ts';
import { doorOf } from '../../src/supabase/door.ts';
import { findProject } from '../../src/supabase/project.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
let site: Site;
let ref: string;
let all: readonly Reach[];

beforeAll(async () => {
  rig = await openDeployedRig();
  site = await rig.site();
  const { organization, project: name } = site.environment.supabase;
  ref = (await findProject(site.supabase, { name, organization }))?.ref ?? '';
  const services = await readServices(site.google);
  all = await Promise.all(services.map((one) => reachOf(site, one, {})));
});
afterAll(() => rig.close());

/** Walks the sample's own smoke check as a deploy does, by the services that are there. */
async function walk(runId: string, reaches: readonly Reach[]) {
  const release = standingOf(await readLedger(site))?.release;
  if (!release) throw new Error('nothing stands');
  const released = await asReleased(site, release);
  const door = await doorOf(site.supabase, ref);
  const register = await openRegister(site, runId);
  const broom = { door, register, reaches, login: await requireDatabase(site) };
  const { signal } = new AbortController();
  const beat = () => undefined;
  return withMadeRemoved(broom, () =>
    runChecks({ site: released, runId, release, broom, beat, signal }),
  );
}

describe('the sample’s own smoke check on a deployed environment', () => {
  it('left nothing behind when the deploy’s own smoke test walked it', async () => {
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('walks from the voucher to the own rows and removes all that it made', async () => {
    expect(await walk('whole', all)).toEqual(['vouchers: passed']);
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });

  it('removes what it made when it fails half-way, after the sign-up and before the end', async () => {
    const unreachable = all.map((reach) =>
      reach.name === 'gateway' ? { ...reach, url: 'http://127.0.0.1:1' } : reach,
    );
    await expect(walk('half', unreachable)).rejects.toMatchObject({
      code: 'SMOKE_FAILED',
      what: "users: the smoke check 'vouchers' failed",
    });
    expect(await counts()).toEqual({ users: 0, profiles: 0, vouchers: 0, redemptions: 0 });
  });
});

describe('a worker that is killed in the middle of the smoke test', () => {
  it('leaves vouchers and people, and the next attempt of the deploy removes them', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
    const deploying = held(rig.windlass('deploy', '-e', 'production'));
    await withClient(await requireDatabase(site), (client) =>
      vi.waitUntil(
        async () => {
          const { users, vouchers } = await countsBy(client);
          return users > 0 && vouchers > 0; // the sign-ins before have people, and no voucher
        },
        { timeout: 200_000, interval: 5 },
      ),
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
