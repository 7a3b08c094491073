import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inRegion } from '../../src/gcp/access.ts';
import { readServices } from '../../src/gcp/run.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { breakCalls, mend, stands, until, withRun } from './midway.ts';
import type { Rig } from './rig.ts';
import { versionsAt } from './urls.ts';
import { held } from '../../src/held.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
});

afterAll(async () => {
  await rig.close();
});

const [here, there] = ['us-central1', 'europe-west1'];
const about = (...args: string[]) => rig.windlass(...args, '-e', 'production');
const goes = (from: string, to: string) =>
  rig.edit('windlass.yaml', `region: ${from}`, `region: ${to}`);

/** The names of the services that run in a region. */
async function servicesIn(region: string): Promise<readonly string[]> {
  const services = await readServices(inRegion((await rig.site()).google, region));
  return services.map(({ name }) => name);
}

describe('services that go to another region', () => {
  let all: readonly string[];
  let losses: readonly string[];

  it('are refused unless each of them is accepted by its name', async () => {
    all = await servicesIn(here);
    losses = [...all.map((name) => `service:${name}`), 'repository:wellness'];
    const before = await rig.fingerprint();
    await goes(here, there);
    const refused = await about('deploy', '--accept', 'service:meals');
    expect(refused.exitCode, refused.all).toBe(3);
    expect(refused.all).toContain('POINT_OF_NO_RETURN');
    for (const name of losses) expect(refused.all).toContain(`NO WAY BACK    ${name}`);
    expect(refused.all).toContain(`to be removed from ${here}`);
    await goes(there, here);
    expect((await rig.fingerprint()).lines).toEqual(before.lines);
  });

  it('answer where they are when the deploy fails', async () => {
    const before = await rig.fingerprint();
    await goes(here, there);
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const ended = await deployAccepting();
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(ended.exitCode, ended.all).toBe(4);
    expect(await servicesIn(there)).toEqual([]);
    await goes(there, here);
    expect((await rig.fingerprint()).lines, ended.all).toEqual(before.lines);
    expect(await versionsAt(await rig.site())).toMatchObject({ journal: '1.0.0' });
  });

  it('are made beside the old ones, which go once the traffic has moved', async () => {
    await goes(here, there);
    const ended = await deployAccepting();
    expect(ended.exitCode, ended.all).toBe(0);
    const said = (text: string) => ended.all.indexOf(text);
    expect(said('promote    done')).toBeGreaterThan(0);
    expect(said('remove     begins')).toBeGreaterThan(said('promote    done'));
    expect([await servicesIn(here), await servicesIn(there)]).toEqual([[], all]);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0' });
    expect((await about('plan')).all).toContain('nothing to change');
  });

  it('are brought back by a reconciliation of a run that was terminated while they went', async () => {
    const hold = { method: 'DELETE', pathPattern: `${there}/services/meals$`, status: 503 };
    await goes(there, here);
    await breakCalls(rig, hold);
    const deploying = held(deployAccepting());
    await withRun(rig, async (run) => {
      await until(run, stands('remove', 'running'));
      await vi.waitUntil(async () => !(await servicesIn(there)).includes('agent'));
      await run.terminate('a test');
    });
    await mend(rig);
    expect((await deploying).exitCode).toBe(5);
    const ended = await about('recover', '--reconcile');
    expect(ended.exitCode, ended.all).toBe(0);
    expect([await servicesIn(here), await servicesIn(there)]).toEqual([[], all]);
    await goes(here, there);
    expect(await versionsAt(await rig.site())).toMatchObject({ agent: '1.0.0', meals: '1.0.0' });
  });

  it('come back by a rollback', async () => {
    const ended = await about('rollback');
    expect(ended.exitCode, ended.all).toBe(0);
    expect([await servicesIn(here), await servicesIn(there)]).toEqual([all, []]);
    await goes(there, here);
    expect(await versionsAt(await rig.site())).toMatchObject({ meals: '1.0.0' });
    expect((await about('plan')).all).toContain('nothing to change');
  });

  const deployAccepting = () => about('deploy', ...losses.flatMap((name) => ['--accept', name]));
});
