import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { siteAt } from '../environments/site.ts';
import { meddle } from '../../src/rehearsal/plant.ts';
import { plantedVariable, struckNames } from '../../src/rehearsal/planted.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const cloudSite = async () => {
  const url = 'http://127.0.0.1:9';
  const token = async () => 'none';
  const supabase = { api: url, token, projectUrl: async () => url };
  const site = await siteAt('/nowhere', { google: { url, token }, supabase });
  return { ...site, environment: { ...site.environment, target: 'cloud' as const } };
};

test('a worker that carries plants does no work on the real clouds', async () => {
  vi.stubEnv(plantedVariable, '/nowhere/planted.json');
  const site = await cloudSite();
  expect(() => meddle('planRelease', site)).toThrow(/breaks things on purpose/);
});

test('a worker without plants breaks nothing', async () => {
  const { hear, through, cut } = meddle('planRelease', await cloudSite());
  hear('making the release');
  expect(cut).toBeUndefined();
  expect(await through(Promise.resolve('done'))).toBe('done');
});

test('a power cut also strikes the neighbour that it took away when nothing was left to do', async () => {
  const home = await mkdtemp(join(tmpdir(), 'windlass-plant-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const planted = join(home, 'planted.json');
  const cut = { when: 'during', class: 'reconcile', how: 'crash', middle: 'half-way' };
  const both = ['applyFoundation', 'bootstrapSupabase'];
  await writeFile(planted, JSON.stringify(both.map((activity) => ({ ...cut, activity }))));
  const worker = async (script: string) =>
    execa(process.execPath, ['--input-type=module-typescript', '-e', `${preparation}${script}`], {
      env: { [plantedVariable]: planted, RIG_HOME: home },
      ...{ detached: true, reject: false },
    });

  const dead = await worker(`
    meddle('applyFoundation', site);
    meddle('bootstrapSupabase', site).hear('half-way');
    setInterval(() => undefined, 1000);`);
  expect(dead.signal, dead.stderr).toBe('SIGKILL');
  expect(struckNames(planted)).toContain('bootstrapSupabase during reconcile');
  expect(struckNames(planted)).not.toContain('applyFoundation during reconcile');

  const next = await worker(`
    const { hear, through } = meddle('applyFoundation', site);
    hear('looks');
    await through(Promise.resolve());`);
  expect(next.exitCode, next.stderr).toBe(0);
  expect(struckNames(planted)).toContain('applyFoundation during reconcile');
});

const plantSource = resolve(import.meta.dirname, '../../src/rehearsal/plant.ts');
const preparation = `
  import { meddle } from ${JSON.stringify(plantSource)};
  const site = { environment: { target: 'sandbox' }, home: process.env.RIG_HOME };`;
