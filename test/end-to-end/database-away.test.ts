import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProject } from '../../src/supabase/project.ts';
import { held } from '../../src/held.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { refOf } from './losses.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig();
  await prepareNextRelease(rig);
});

afterAll(() => rig.close());

/** What an operator does in the dashboard; comes back when the project stands so. */
async function set(verb: 'pause' | 'restore', status: string): Promise<void> {
  const { supabase: access } = await rig.site();
  const ref = await refOf(await rig.site());
  const headers = { authorization: `Bearer ${await access.token()}` };
  const said = await fetch(`${access.api}/v1/projects/${ref}/${verb}`, { method: 'POST', headers });
  expect(said.status).toBe(200);
  while ((await readProject(access, ref)).status !== status) await pause(100);
}

describe('a project that is paused', () => {
  beforeAll(() => set('pause', 'INACTIVE'));
  afterAll(() => set('restore', 'ACTIVE_HEALTHY'));

  it.each([['plan'], ['deploy'], ['backup'], ['drift']])(
    '%s says so and how to restore it, without trying in vain',
    async (command) => {
      const ended = await rig.windlass(command, '-e', 'production');
      expect(ended.all).toContain('[SUPABASE_PROJECT_UNUSABLE]');
      expect(ended.all).toContain('Its status is INACTIVE');
      expect(ended.all).toContain('restore it in the Supabase dashboard');
      expect(ended.all).not.toContain('another one goes on');
      expect(ended.all).not.toContain('is tried again');
      expect([3, 4], ended.all).toContain(ended.exitCode);
    },
  );
});

it('a project that is paused and restored in the middle of a deploy is waited for or named', async () => {
  const deploying = held(rig.windlass('deploy', '-e', 'production'));
  await pause(6000);
  await set('pause', 'INACTIVE');
  await set('restore', 'ACTIVE_HEALTHY');
  const ended = await deploying;
  expect([0, 3, 4], ended.all).toContain(ended.exitCode);
  expect(ended.all).not.toContain('[UNEXPECTED]');
  expect(ended.all).not.toContain('another one goes on');
});
