import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readService } from '../../src/gcp/run.ts';
import type { RunService } from '../../src/gcp/run-service.ts';
import { setTraffic } from '../../src/gcp/run-traffic.ts';
import { withClient } from '../../src/postgres/connect.ts';
import { requireDatabase } from '../../src/site-database.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { stands, until, withRun } from './midway.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { pollService } from './poll.ts';
import { unwrapped } from './unwrapped.ts';
import { versionsAt } from './urls.ts';
import { held } from '../../src/held.ts';

let rig: Rig;

const services = ['agent', 'gateway', 'habits', 'journal', 'meals'];
const allOld = Object.fromEntries(services.map((service) => [service, '1.0.0']));

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  await prepareNextRelease(rig);
});

afterAll(async () => {
  await rig.close();
});

describe('a service whose traffic follows LATEST', () => {
  it('is drift, and stands in the plan with the revision that it is bound to', async () => {
    await followLatest('journal', { percent: 100 });
    await followLatest('meals', { percent: 30 });
    await followLatest('habits', { percent: 0, tag: 'newest' });
    const drift = await rig.windlass('drift', '-e', 'production');
    expect(drift.exitCode, drift.all).toBe(7);
    const plan = await rig.windlass('plan', '-e', 'production');
    expect(plan.exitCode, plan.all).toBe(0);
    for (const [name, share] of Object.entries({
      ...{ journal: '100 %', meals: '30 %', habits: 'a tag' },
    })) {
      const { latestReadyRevision: revision } = await serviceNamed(name);
      expect(unwrapped(drift.all)).toMatch(
        new RegExp(`${name}: ${share}.* follows LATEST.*${revision}`),
      );
      expect(plan.all).toContain(`${name}: ${share} follows LATEST and is pinned to ${revision}`);
    }
  });

  it('shows its users the old revision alone until the candidate is tested', async () => {
    const before = await rig.fingerprint();
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const clients = await pollAll(['journal', 'meals']);
    const ended = await rig.windlass('deploy', '-e', 'production');
    const answers = await Promise.all(clients.map(({ end }) => end()));
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain('failed at smoke and was rolled back');
    expect(ended.all).toContain('the traffic was not moved');
    for (const counts of answers) expect(Object.keys(counts)).toEqual(['200 1.0.0']);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before.lines);
    for (const name of ['journal', 'meals', 'habits'])
      expect((await serviceNamed(name)).traffic).not.toContainEqual(
        expect.objectContaining({ revision: 'LATEST' }),
      );
  });
});

describe('a deploy with a planted failure leaves the world as it was', () => {
  it.each([
    { fault: 'foundation', says: /diary-key/ },
    { fault: 'supabase', says: /refused to set site_url/ },
    { fault: 'migrate', service: 'habits', says: /refuses tables of schema habits/ },
    {
      fault: 'services',
      service: 'meals',
      says: /meals \(meals-[^)]*\) said:[^]*startup failed, exiting/,
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
    expect(ended.all).toContain(`failed at ${fault} and was rolled back`);
    expect(ended.all).toMatch(says);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before.lines);
    expect(await versionsAt(await rig.site())).toEqual(allOld);
  });

  it('or says what is not as before: it is measured, not concluded', async () => {
    const stray = 'habits.stray';
    const about = async (text: string) =>
      withClient(await requireDatabase(await rig.site()), (client) => client.query(text));
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const deploying = held(rig.windlass('deploy', '-e', 'production'));
    await withRun(rig, (run) => until(run, stands('migrate', 'done')));
    await about(`create table ${stray} (id int)`);
    const ended = await deploying;
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(ended.exitCode, ended.all).toBe(5);
    expect(ended.all).toContain(`not as before: tables ${stray} is new`);
    expect(ended.all).not.toContain('was rolled back');
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

async function serviceNamed(name: string): Promise<RunService> {
  const service = await readService((await rig.site()).google, name);
  if (!service) throw new Error(`there is no service ${name}`);
  return service;
}

/** As `gcloud run services update-traffic --to-latest` does it, wholly, in part, or for a tag. */
async function followLatest(
  service: string,
  line: { readonly percent: number; readonly tag?: string },
): Promise<void> {
  const { google } = await rig.site();
  const { latestReadyRevision: revision } = await serviceNamed(service);
  const rest = { revision, percent: 100 - line.percent };
  const traffic = [...(rest.percent > 0 ? [rest] : []), { revision: 'LATEST', ...line }];
  await setTraffic(google, { service, traffic });
}

async function pollAll(names: readonly string[]) {
  const site = await rig.site();
  return Promise.all(names.map((name) => pollService(site, name)));
}
