import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInvokers } from '../../src/gcp/iam.ts';
import { readServices } from '../../src/gcp/run.ts';
import { selfOf } from '../../src/stacks/closed.ts';
import { untouched } from './lane.ts';
import { breakCalls, mend, terminateIn } from './midway.ts';
import { watchInvokers } from './poll.ts';
import { openRig } from './rig.ts';
import type { Ended, Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
let ended: Ended;
const early = new Map<string, Ended>();

beforeAll(async () => {
  rig = await openRig({ namespace: untouched, few: true });
  await rig.windlass('sandbox', 'up');
  for (const said of ['ui', 'status --watch', 'secrets rotate journal', 'undo retry services'])
    early.set(said, await rig.windlass(...said.split(' '), '-e', 'production'));
  await rig.windlass('sandbox', 'fault', 'services', 'meals');
  ended = await rig.windlass('deploy', '-e', 'production');
});

afterAll(async () => {
  await rig.close();
});

describe('before its first run an environment', () => {
  it.each([
    ['ui', 3, /has had no run yet \[NO_RUN_YET\]/],
    ['status --watch', 0, /^release +none yet\nlast run +none yet$/m],
    ['secrets rotate journal', 3, /Nothing has been deployed.*\[NOTHING_DEPLOYED\]/],
    ['undo retry services', 3, /\[NOTHING_RUNS\]/],
  ])('answers `%s` in its own words', (said, exitCode, words) => {
    const answer = early.get(said);
    expect(answer?.all).toMatch(words);
    expect(answer?.exitCode, answer?.all).toBe(exitCode);
  });
});

describe('a first deploy whose services fail', () => {
  it('is wound back, and tells the last lines of the service', () => {
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain('failed at services and was rolled back');
    expect(ended.all).toMatch(/meals \(meals-[^)]*\) said:[^]*startup failed, exiting/);
  });

  it('leaves nothing but what the report names as kept', async () => {
    await expectNothingLeft();
    expect(ended.all).toMatch(/kept: Supabase project .* emptied, kept/);
  });
});

describe('a first deploy whose smoke test fails', () => {
  it('was never open to everybody: its code was never tested', async () => {
    await rig.windlass('sandbox', 'fault', 'services', '--clear');
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const plan = await rig.windlass('plan', '-e', 'production');
    expect(plan.all).toMatch(/made public after the smoke tests:\s+gateway/);
    const looking = watchInvokers(await rig.site(), 'gateway');
    const failed = await rig.windlass('deploy', '-e', 'production');
    const seen = await looking.end();
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(failed.exitCode, failed.all).toBe(4);
    expect(failed.all).toContain('failed at smoke and was rolled back');
    expect(seen).toContain(`serviceAccount:${selfOf(await rig.site(), 'gateway')}`);
    expect(seen).not.toContain('allUsers');
    await expectNothingLeft();
  });
});

describe('a first deploy that is terminated', () => {
  it('is brought back to nothing by a reconciliation', async () => {
    await rig.windlass('sandbox', 'fault', 'services', '--clear');
    await breakCalls(rig, { method: 'POST', pathPattern: '/services$', status: 503 });
    const deploying = held(rig.windlass('deploy', '-e', 'production'));
    await terminateIn(rig, 'services');
    await mend(rig);
    expect((await deploying).exitCode).toBe(5);
    const reconciled = await rig.windlass('recover', '-e', 'production', '--reconcile');
    expect(reconciled.exitCode, reconciled.all).toBe(0);
    await expectNothingLeft();
  });

  it('can be deployed then', async () => {
    const again = await rig.windlass('deploy', '-e', 'production');
    expect(again.exitCode, again.all).toBe(0);
  });

  it('is open to everybody then, by that grant alone, and nothing differs from its release', async () => {
    const site = await rig.site();
    expect(await readInvokers(site.google, 'gateway')).toEqual(['allUsers']);
    const drift = await rig.windlass('drift', '-e', 'production');
    expect(drift.exitCode, drift.all).toBe(0);
    const plan = await rig.windlass('plan', '-e', 'production');
    expect(plan.all).toContain('nothing to change');
  });
});

async function expectNothingLeft(): Promise<void> {
  const { lines } = await rig.fingerprint();
  expect(await readServices((await rig.site()).google)).toEqual([]);
  expect(lines.filter((line) => line.startsWith('state '))).toEqual([]);
  expect(lines.filter((line) => /^secret (?!\S+ none$)/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('revision '))).toEqual([]);
}
