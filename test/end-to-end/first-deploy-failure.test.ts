import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { breakCalls, mend, terminateIn } from './midway.ts';
import { openRig } from './rig.ts';
import type { Ended, Rig } from './rig.ts';
import { held } from '../../src/held.ts';

let rig: Rig;
let ended: Ended;

beforeAll(async () => {
  rig = await openRig();
  await rig.windlass('sandbox', 'up');
  await rig.windlass('sandbox', 'fault', 'services', 'meals');
  ended = await rig.windlass('deploy', '-e', 'production');
});

afterAll(async () => {
  await rig.close();
});

describe('a first deploy whose services fail', () => {
  it('is wound back, and tells the last lines of the service', () => {
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain('failed at services and was wound back');
    expect(ended.all).toMatch(/meals \(meals-[^)]*\) said: .*startup failed, exiting/);
  });

  it('leaves nothing but what the report names as kept', async () => {
    await expectNothingLeft();
    expect(ended.all).toMatch(/kept: Supabase project .* emptied, kept/);
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
});

async function expectNothingLeft(): Promise<void> {
  const { lines } = await rig.fingerprint();
  expect(await readServices((await rig.site()).google)).toEqual([]);
  expect(lines.filter((line) => line.startsWith('state '))).toEqual([]);
  expect(lines.filter((line) => /^secret (?!\S+ none$)/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('revision '))).toEqual([]);
}
