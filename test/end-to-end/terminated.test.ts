import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMarker } from '../../src/lease/read-lease.ts';
import { readLedger } from '../../src/releases/ledger.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls, mend, stands, terminateIn, until, withRun } from './midway.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';
import { held } from '../../src/held.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  await prepareNextRelease(rig);
});

afterAll(async () => {
  await rig.close();
});

describe('after a deploy was terminated', () => {
  it('a reconciliation brings all of it back', async () => {
    // Others of them have their new revision by the time that this one is refused.
    const hold = { method: 'PATCH', pathPattern: '/services/meals$', status: 503 };
    const rows = ['services', 'schema', 'secrets', 'supabase', 'foundation'];
    const before = (await rig.fingerprint()).lines;
    const answering = await versionsAt(await rig.site());
    await breakCalls(rig, hold);
    const deploying = held(rig.windlass('deploy', '-e', 'production'));
    await terminateIn(rig, 'services');
    await mend(rig);
    const watched = await deploying;
    expect(watched.exitCode, watched.all).toBe(5);
    expect(watched.all).toContain('RUN_TERMINATED');

    const next = await rig.windlass('deploy', '-e', 'production');
    expect(next.exitCode, next.all).toBe(3);
    expect(next.all).toContain('ENVIRONMENT_DIRTY');
    expect(next.all).toContain('make production-recover ARGS=--reconcile');
    const status = await rig.windlass('status', '-e', 'production');
    expect(status.stdout).toContain('make production-recover ARGS=--reconcile');

    const ended = await rig.windlass('recover', '-e', 'production', '--reconcile');
    expect(ended.exitCode, ended.all).toBe(0);
    for (const row of rows) expect(ended.all).toMatch(new RegExp(`${row} +done:`));
    expect(ended.all).toMatch(/traffic +skipped:/);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before);
    expect(await versionsAt(await rig.site())).toEqual(answering);
    expect(await readMarker(await rig.site())).toBeUndefined();
  });

  it('the ledger says what became of the run, and by whom', async () => {
    const entries = await readLedger(await rig.site());
    expect(entries.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'deploy succeeded',
      ...['deploy terminated', 'reconcile reconciled'],
    ]);
    const [, first, reconciled] = entries;
    expect(first?.undo).toMatchObject({ secrets: `by the reconciliation ${reconciled?.runId}` });
    expect(first?.planDigest).toMatch(/^\w{64}$/);
    expect(first?.backup?.object).toMatch(/^backups\//);
    expect(reconciled?.release?.id).toBe(entries[0]?.release?.id);
  });

  it('the same release can be deployed', async () => {
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(await versionsAt(await rig.site())).toMatchObject({ journal: '2.0.0', meals: '2.0.0' });
  });
});

describe('after a rollback was terminated', () => {
  it('a reconciliation goes on with it: nothing leads its traffic back', async () => {
    await terminateRollback();
    const status = await rig.windlass('status', '-e', 'production');
    expect(status.stdout).toContain('make production-rollback');
    expect(await versionsAt(await rig.site())).toMatchObject({ journal: '1.0.0', meals: '1.0.0' });

    const ended = await rig.windlass('recover', '-e', 'production', '--reconcile');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(ended.all).toContain('continues');
    expect(await versionsAt(await rig.site())).toMatchObject({ journal: '1.0.0', meals: '1.0.0' });
    expect(await readMarker(await rig.site())).toBeUndefined();
    const last = (await readLedger(await rig.site())).slice(-2);
    expect(last.map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual([
      'rollback terminated',
      'rollback succeeded',
    ]);
    const next = await rig.windlass('plan', '-e', 'production', '--release', releaseOf(last));
    expect(next.all).toContain('nothing to change');
  });

  it('who wants the release back that it left says so', async () => {
    const deployed = await rig.windlass('deploy', '-e', 'production');
    expect(deployed.exitCode, deployed.all).toBe(0);
    const before = (await rig.fingerprint()).lines;
    await terminateRollback();
    const args = ['recover', '-e', 'production', '--reconcile', '--abandon-rollback'];
    const ended = await rig.windlass(...args);
    expect(ended.exitCode, ended.all).toBe(0);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before);
  });
});

/** A rollback that ends after its traffic has moved, before its services are as they were. */
async function terminateRollback(): Promise<void> {
  const rollingBack = held(rig.windlass('rollback', '-e', 'production'));
  await withRun(rig, (run) => until(run, stands('traffic', 'done')));
  await breakCalls(rig, { method: 'PATCH', pathPattern: '/services/meals$', status: 503 });
  await terminateIn(rig, 'services');
  await mend(rig);
  expect((await rollingBack).exitCode).toBe(5);
}

function releaseOf(entries: Awaited<ReturnType<typeof readLedger>>): string {
  return entries.at(-1)?.release?.id ?? '';
}
