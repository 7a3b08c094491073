import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listBackups } from '../../src/backups/list-backups.ts';
import { readMarker } from '../../src/lease/read-lease.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { withClient } from '../../src/postgres/connect.ts';
import { openWorld } from '../worlds/open-world.ts';
import { corruptState, loseState, loseSupabase } from './losses.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openWorld('457c515');
  const up = await rig.windlass('sandbox', 'up');
  expect(up.exitCode, up.all).toBe(0);
});

afterAll(async () => {
  await rig.close();
});

/** Runs a command on an environment of the world; its output, once it ended as it must. */
async function ends(code: number, environment: string, ...args: string[]): Promise<string> {
  const ended = await rig.windlass(...args, '-e', environment);
  expect(ended.exitCode, ended.all).toBe(code);
  return ended.all;
}

describe('the world that 457c515 left', () => {
  it('shows its open run, its dirty marker and its ledger', async () => {
    const production = await ends(0, 'production', 'status');
    expect(production).toContain('r-b6c43b28db29');
    expect(production).toContain('bin/windlass undo retry secrets -e production');
    const staging = await ends(0, 'staging', 'status');
    expect(staging).toContain('make staging-recover ARGS=--reconcile');
    await ends(0, 'production', 'ledger', 'verify');
  });

  it('lets its open run end: the undo that waited is tried again by today’s code', async () => {
    await ends(0, 'production', 'undo', 'retry', 'secrets');
    await ends(4, 'production', 'status', '--watch');
    expect(await readMarker(await rig.site())).toBeUndefined();
    await ends(0, 'production', 'ledger', 'verify');
  });

  it('shows no drift', async () => {
    expect(await ends(0, 'production', 'drift')).toContain('matches its release');
  });

  it('takes a deploy, and goes back to its oldest release', async () => {
    await rig.edit('examples/wellness/users/main.py', 'VERSION = "1.0.0"', 'VERSION = "5.0.0"');
    await ends(0, 'production', 'deploy');
    await ends(0, 'production', 'rollback', '--to', 'r-26f13f61a722');
    expect(await ends(0, 'production', 'status')).toMatch(/release +r-26f13f61a722/);
    await ends(0, 'production', 'ledger', 'verify');
  });

  it('is brought back whole from a backup with plain states', async () => {
    const site = await rig.site();
    const sets = (await listBackups(site)).map(({ manifest }) => manifest.runId);
    expect(sets).toContain('plain-set');
    await loseSupabase(site);
    await corruptState(site, '10-foundation');
    await loseState(site, '20-services');
    await ends(0, 'production', 'recover', '--from', 'plain-set', '--yes');
    const login = await requireDatabase(await rig.site());
    const rows = 'select count(*)::int as n from habits.habits join auth.users u on u.id = user_id';
    const counted = await withClient(login, (client) => client.query(rows));
    expect(counted.rows).toEqual([{ n: 20 }]);
  });

  it('is reconciled where a run died half-way, and takes a deploy afterwards', async () => {
    await ends(0, 'staging', 'recover', '--reconcile');
    expect(await readMarker(await rig.site('staging'))).toBeUndefined();
    await ends(0, 'staging', 'drift');
    await ends(0, 'staging', 'deploy');
  });
});
