import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../src/postgres/connect.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { stands, until, withRun } from './midway.ts';
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

  it('or says what is not as before: it is measured, not concluded', async () => {
    const stray = 'habits.stray';
    const about = async (text: string) =>
      withClient(await requireDatabase(await rig.site()), (client) => client.query(text));
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const deploying = rig.windlass('deploy', '-e', 'production');
    await withRun(rig, (run) => until(run, stands('migrate', 'done')));
    await about(`create table ${stray} (id int)`);
    const ended = await deploying;
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(ended.exitCode, ended.all).toBe(5);
    expect(ended.all).toContain(`not as before: tables ${stray} is new`);
    expect(ended.all).not.toContain('was wound back');
    await about(`drop table ${stray}`);
    const mended = await rig.windlass('recover', '-e', 'production', '--reconcile');
    expect(mended.exitCode, mended.all).toBe(0);
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
