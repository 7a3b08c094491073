import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { openDeployedRig } from './deployed-rig.ts';
import type { Rig } from './rig.ts';
import { unwrapped } from './unwrapped.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
  const older = await rig.windlass('sandbox', 'v1', '-e', 'production');
  if (older.exitCode !== 0) throw new Error(older.all);
});

afterAll(async () => {
  await rig.close();
});

const identity = /^(\w+) +([\w-]{36}) {2}since (\S+)$/gm;
const identitiesIn = (text: string) => [...text.matchAll(identity)].map(([line]) => line).sort();

describe('an environment whose services run on API v1', () => {
  it('is taken to v2 with every uid and creation time, as the plan alone had shown', async () => {
    const planned = await rig.windlass('migrate-v1', '-e', 'production', '--plan-only');
    expect(planned.exitCode, planned.all).toBe(0);
    expect(planned.stdout).toContain('Nothing was applied.');
    const done = await rig.windlass('migrate-v1', '-e', 'production');
    expect(done.exitCode, done.all).toBe(0);
    expect(identitiesIn(planned.stdout)).toHaveLength(8);
    expect(identitiesIn(done.stdout)).toEqual(identitiesIn(planned.stdout));
  });

  it('is as released then: its traffic is bound by name, and only who calls is to change', async () => {
    const services = await readServices((await rig.site()).google);
    expect(services.flatMap(({ traffic }) => traffic)).toEqual(
      services.map(({ latestReadyRevision: revision }) => ({ revision, percent: 100 })),
    );
    const plan = await rig.windlass('plan', '-e', 'production');
    // v1 gave the gateway the addresses that Google draws; a release knows those that can be told.
    expect(plan.all.match(/^ +(update|create|delete|replace): .*/gm)).toEqual([
      '  update: services["gateway"].cloud_run_v2_service.this',
    ]);
    const drift = await rig.windlass('drift', '-e', 'production');
    expect(drift.exitCode, drift.all).toBe(7);
    expect(unwrapped(drift.all)).toContain(
      'module.services["gateway"].google_cloud_run_v2_service.this',
    );
    expect(drift.all).toContain('1 found');
  });

  it('has nothing left to migrate, and says so before anything is touched', async () => {
    const again = await rig.windlass('migrate-v1', '-e', 'production');
    expect(again.exitCode, again.all).toBe(3);
    expect(again.all).toContain('NOTHING_TO_MIGRATE');
  });

  it('is deployed from then on like any other', async () => {
    await rig.edit('examples/wellness/meals/main.py', 'VERSION = "1.0.0"', 'VERSION = "2.0.0"');
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toMatch(/20-services +0 to add, 2 to change, 0 to destroy/);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '2.0.0', users: '1.0.0' });
  });
});
