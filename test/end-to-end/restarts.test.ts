import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../src/postgres/connect.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { callSupabase } from '../../src/supabase/client.ts';
import { waitUntilReady } from '../../src/supabase/readiness.ts';
import { readSslEnforced } from '../../src/supabase/ssl.ts';
import { restartDatabase } from './database-trouble.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { refOf, sql } from './losses.ts';
import { stands, until, withRun } from './midway.ts';
import type { Rig } from './rig.ts';
import { unwrapped } from './unwrapped.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
});

afterAll(() => rig?.close());

it('switches the TLS enforcement of a running environment off, though that restarts the database', async () => {
  await startedAt(); // a session as the services have them
  await rig.edit('windlass.yaml', 'sslEnforced: true', 'sslEnforced: false');
  const before = await startedAt();
  await deploys();
  expect(await startedAt()).toBeGreaterThan(before);
  const { supabase } = await rig.site();
  expect(await readSslEnforced(supabase, await refOf(await rig.site()))).toBe(false);
});

it('switches it on again, after a restart by hand and through one in the middle of the smoke test', async () => {
  await rig.edit('windlass.yaml', 'sslEnforced: false', 'sslEnforced: true');
  await restart();
  const before = await startedAt();
  await Promise.all([
    deploys(),
    withRun(rig, async (run) => {
      await until(run, stands('smoke', 'running'));
      await restart();
    }),
  ]);
  expect(await startedAt()).toBeGreaterThan(before);
  const { supabase } = await rig.site();
  expect(await readSslEnforced(supabase, await refOf(await rig.site()))).toBe(true);
  expect(await startedAt()).toBeGreaterThan(before);
});

it('sees that logins were changed by hand, and heals them with a release that is in force', async () => {
  const site = await rig.site();
  await sql(site, "alter role habits_service password 'by hand'");
  await sql(site, "alter role windlass_migrator password 'by hand'");
  const path = `/projects/${await refOf(site)}/database/password`;
  const body = { password: 'set in the dashboard' };
  const action = 'reset the password';
  await callSupabase(site.supabase, { action, method: 'PATCH', path, body, answer: z.unknown() });
  const drift = await rig.windlass('drift', '-e', 'production');
  expect(drift.exitCode, drift.all).toBe(7);
  expect(unwrapped(drift.all)).toContain('login habits_service: the database refuses its password');
  expect(unwrapped(drift.all)).toContain(
    'login windlass_migrator: the database refuses its password',
  );
  await deploys();
  const after = await rig.windlass('drift', '-e', 'production');
  expect(after.exitCode, after.all).toBe(0);
  const rotated = await rig.windlass('secrets', 'rotate', 'meals', '-e', 'production');
  expect(rotated.exitCode, rotated.all).toBe(0);
});

async function deploys(): Promise<void> {
  const ended = await rig.windlass('deploy', '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
}

/** Comes back when the database does. */
async function restart(): Promise<void> {
  const site = await rig.site();
  await restartDatabase(site);
  await waitUntilReady(site.supabase, await refOf(site), { everyMs: 200 });
}

async function startedAt(): Promise<number> {
  const query = 'select pg_postmaster_start_time() as at';
  const { rows } = await withClient(await requireDatabase(await rig.site()), (client) =>
    client.query<{ at: Date }>(query),
  );
  return rows[0]?.at.getTime() ?? 0;
}
