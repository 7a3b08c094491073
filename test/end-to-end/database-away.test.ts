import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { held } from '../../src/held.ts';
import { turnProject } from './database-trouble.ts';
import { openDeployedRig } from './deployed-rig.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await openDeployedRig({ few: true });
  await prepareNextRelease(rig);
});

afterAll(() => rig.close());

describe('a project that is paused', () => {
  beforeAll(async () => turnProject(await rig.site(), 'pause'));
  afterAll(async () => turnProject(await rig.site(), 'restore'));

  it.each([['plan'], ['deploy'], ['backup'], ['drift']])(
    '%s says so and how to restore it, without trying in vain',
    async (command) => {
      const ended = await rig.windlass(command, '-e', 'production');
      expect(ended.all).toContain('[SUPABASE_PROJECT_UNUSABLE]');
      expect(ended.all).toContain('Its status is INACTIVE');
      expect(ended.all).toContain('restore it in the Supabase dashboard');
      expect(ended.all).not.toContain('another one takes over');
      expect(ended.all).not.toContain('is retried');
      expect([3, 4], ended.all).toContain(ended.exitCode);
    },
  );
});

it('a project that is paused and restored in the middle of a deploy is waited for or named', async () => {
  const deploying = held(rig.windlass('deploy', '-e', 'production'));
  await pause(6000);
  await turnProject(await rig.site(), 'pause');
  await turnProject(await rig.site(), 'restore');
  const ended = await deploying;
  expect([0, 3, 4], ended.all).toContain(ended.exitCode);
  expect(ended.all).not.toContain('[UNEXPECTED]');
  expect(ended.all).not.toContain('another one takes over');
});
