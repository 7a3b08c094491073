import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDeployedRig } from './deployed-rig.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';

let rig: Rig;

const services = ['agent', 'gateway', 'habits', 'journal', 'meals', 'movements'];
const allOld = Object.fromEntries(
  [...services, 'practices', 'users'].map((service) => [service, '1.0.0']),
);

beforeAll(async () => {
  rig = await openDeployedRig();
  await prepareNextRelease(rig);
});

afterAll(async () => {
  await rig.close();
});

describe('a deploy with a planted failure leaves the world as it was', () => {
  it.each([
    { fault: 'foundation', says: /diary-key/ },
    { fault: 'supabase', says: /refused to set site_url/ },
    { fault: 'migrate', says: /refuses tables of schema habits/ },
    {
      fault: 'services',
      service: 'meals',
      says: /meals \(meals-[^)]*\) said: .*startup failed, exiting/,
    },
    { fault: 'smoke', service: 'journal', says: /journal/ },
    { fault: 'promote', service: 'journal', says: /journal/ },
  ])('when $fault fails', async ({ fault, service, says }) => {
    const about = service === undefined ? [fault] : [fault, service];
    const before = await rig.fingerprint();
    await rig.windlass('sandbox', 'fault', ...about);
    const ended = await rig.windlass('deploy', '-e', 'production');
    await rig.windlass('sandbox', 'fault', '--clear', ...about);
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain(`failed at ${fault} and was wound back`);
    expect(ended.all).toMatch(says);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before.lines);
    expect(await versionsAt(await rig.site())).toEqual(allOld);
  });

  it('and the same release goes through once nothing fails', async () => {
    const ended = await rig.windlass('deploy', '-e', 'production');
    expect(ended.exitCode, ended.all).toBe(0);
    expect(await versionsAt(await rig.site())).toEqual({
      ...allOld,
      journal: '2.0.0',
      meals: '2.0.0',
    });
  });
});
