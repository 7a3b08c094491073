import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readServices } from '../../src/gcp/run.ts';
import { openRig } from './rig.ts';
import type { Ended, Rig } from './rig.ts';

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
    const { lines } = await rig.fingerprint();
    expect(await readServices((await rig.site()).google)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('state '))).toEqual([]);
    expect(lines.filter((line) => /^secret (?!\S+ none$)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('revision '))).toEqual([]);
    expect(ended.all).toMatch(/kept: Supabase project .* emptied, kept/);
  });
});
