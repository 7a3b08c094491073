import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDeployedRig } from './deployed-rig.ts';
import { prepareNextRelease } from './next-release.ts';
import type { Rig } from './rig.ts';
import { startWriter } from './writer.ts';
import type { Writer } from './writer.ts';

let rig: Rig;
let writer: Writer;

beforeAll(async () => {
  rig = await openDeployedRig();
  writer = await startWriter(await rig.site());
});

afterAll(async () => {
  await writer?.missing();
  await rig?.close();
});

const succeeds = async (...args: string[]): Promise<string> => {
  const ended = await rig.windlass(...args, '-e', 'production');
  expect(ended.exitCode, ended.all).toBe(0);
  return ended.all;
};

describe('while users write into four tables without a pause', () => {
  it('a deploy that has migrated and fails is wound back, and no row of theirs is called a difference', async () => {
    await prepareNextRelease(rig);
    await rig.windlass('sandbox', 'fault', 'smoke', 'journal');
    const ended = await rig.windlass('deploy', '-e', 'production');
    await rig.windlass('sandbox', 'fault', '--clear', 'smoke', 'journal');
    expect(ended.exitCode, ended.all).toBe(4);
    expect(ended.all).toContain('failed at smoke and was rolled back');
    expect(ended.all).not.toMatch(/not as before|rows of/);
  });

  it('a deploy that migrates one of them goes through', async () => {
    const before = writer.committed();
    expect(await succeeds('deploy')).toContain('✔ deploy of');
    expect(writer.committed()).toBeGreaterThan(before + 100);
  });

  it('a rollback goes through, and a deploy after it', async () => {
    expect(await succeeds('rollback')).toContain('✔ production is back on');
    expect(await succeeds('deploy')).toContain('✔ deploy of');
  });

  it('a backup is proven equal to its snapshot', async () => {
    expect(await succeeds('backup')).toMatch(/backup +\w/);
  });

  it('no row that the database acknowledged is missing', async () => {
    const none = { 'habits.habits': [], 'journal.entries': [] };
    expect(await writer.missing()).toEqual({
      ...none,
      'meals.meals': [],
      'movements.movements': [],
    });
  });
});
