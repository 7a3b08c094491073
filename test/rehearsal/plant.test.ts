import { afterEach, expect, test, vi } from 'vitest';
import { siteAt } from '../environments/site.ts';
import { meddle } from '../../src/rehearsal/plant.ts';
import { plantedVariable } from '../../src/rehearsal/planted.ts';

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
